### Sentences of the program. Both languages hold the same keys.

## errors

error-wrong-password = sign-in refused: wrong password
error-wrong-password-cause = the server knows the user { $user } and does not accept this password
error-wrong-password-next = type the password again; who administers the app can set a new one
error-unknown-user = sign-in refused: there is no such user
error-unknown-user-cause = the app has no user { $user }
error-unknown-user-next = check the spelling (ids are lower case) and the app key
error-wrong-app-credentials = sign-in refused: wrong client id or secret
error-wrong-app-credentials-cause = the server does not accept this pair for the app
error-wrong-app-credentials-next = copy both anew from the console's application details
error-wrong-app-key = the server has no app with this app key
error-wrong-app-key-cause = the app key is misspelt, or the app lives in another cluster
error-wrong-app-key-next = compare the app key and the api address with the console
error-token-expired = the sign-in has expired
error-token-expired-cause = the token is too old and could not be renewed
error-token-expired-next = sign in again; what has been loaded stays
error-token-rejected = the server does not accept the token
error-token-rejected-cause = it was revoked, belongs to another app, or the password was changed
error-token-rejected-next = sign in again
error-identity-changed = stopped: the server signed in somebody else
error-identity-changed-cause = the answer names another user than the one asked for
error-identity-changed-next = sign in again as the user you mean; nothing was changed
error-service-not-enabled-history = message roaming is not enabled
error-service-not-enabled-history-cause = this app key does not have message roaming
error-service-not-enabled-history-next = ask your Easemob contact for it, then press R
error-service-not-enabled-deletion = deleting roamed messages is not enabled
error-service-not-enabled-deletion-cause = this app key does not have one-way message deletion; nothing was deleted
error-service-not-enabled-deletion-next = ask your Easemob contact for it
error-service-not-enabled-conversation-list = the conversation list is not enabled
error-service-not-enabled-conversation-list-cause = this app key does not have the server's conversation list
error-service-not-enabled-conversation-list-next = ask your Easemob contact for it; o opens a conversation by its id meanwhile
error-service-not-enabled-other = a paid service is not enabled
error-service-not-enabled-other-cause = this app key does not have the service this call needs
error-service-not-enabled-other-next = ask your Easemob contact for it
error-forbidden = the server does not allow this
error-forbidden-cause = the signed-in user has no right to it, or is no member of the group
error-forbidden-next = check whom you are signed in as
error-rate-limited = too many requests
error-rate-limited-cause = the server limits how often this may be asked, and waiting did not help
error-rate-limited-next = wait a minute, then try again
error-not-found = the server does not know this
error-not-found-cause = the path or the thing asked for is not there
error-not-found-next = check the id and the api address
error-bad-request = the server found the request wrong
error-bad-request-cause = it does not accept one of the values sent
error-bad-request-next = check ids and filters; the server's words say which
error-server = the server failed
error-server-cause = it answered with an error of its own
error-server-next = try again later; nothing loaded was lost
error-unreachable = no connection to the server
error-unreachable-cause = nothing answers at the address: it is down, refused, or there is no route
error-unreachable-next = check the network and the api address, then try again
error-interrupted = the connection broke in the middle
error-interrupted-cause = the server or the network closed it before the answer was whole
error-interrupted-next = try again; what had arrived stays
error-timeout = no answer in time
error-timeout-cause = the server did not answer within the time allowed
error-timeout-next = try again, or allow more with --timeout
error-tls = the secure connection failed
error-tls-cause = the server's certificate cannot be trusted, or there is no certificate store
error-tls-next = check the clock, the address and the machine's certificates
error-proxy = a proxy in between refused
error-proxy-cause = the proxy wants a sign-in or forbids the address
error-proxy-next = check HTTPS_PROXY, or ask who runs the network
error-not-api = a web page came instead of the api
error-not-api-cause = something in between, such as a proxy or a hotel's sign-in page, answered in the server's place
error-not-api-next = open a web page to sign in to the network, or check the api address
error-bad-answer = the answer cannot be read
error-bad-answer-cause = it is not what the protocol describes
error-bad-answer-next = try again; if it stays, keep the log and report it
error-too-large = the answer is too large
error-too-large-cause = it is larger than this program accepts
error-too-large-next = ask for a smaller page
error-redirected = the server wants to send us elsewhere
error-redirected-cause = sign-in data is never sent on to another address
error-redirected-next = put the new address into the profile if you trust it
error-plain-http = plain http:// is refused
error-plain-http-cause = the password would cross the network readable for everybody
error-plain-http-next = use https://, or set allow_plain_http in the profile
error-read-only = this session may only read
error-read-only-cause = it was opened read only, or with the app's credentials on behalf of { $user }; nothing was changed
error-read-only-next = sign in as the user to delete
error-refused = refused before anything was sent
error-refused-cause = a value is not one the service takes
error-refused-next = correct it as the words below say
error-cancelled = stopped
error-cancelled-cause = you stopped it
error-cancelled-next = start it again when you want; what had arrived stays
error-local = a file on this disk cannot be read or written
error-local-cause = the disk or its permissions do not allow it
error-local-next = check the path below, its owner and the free space
note-repeated-cursor = the server repeated a cursor: this is not all. What came is kept; ask again later.
note-empty-page = an empty page came that is not the last one; went on.
note-capitals = the user id { $user } has capital letters and the server lists nothing for it; it may expect { $lowered }.
note-empty-list = The server answered, with an empty list. Most likely first: the conversation-list service is off; the user id has capitals; nothing in the kept period; the last messages were sent through REST.
note-damaged = { $count ->
    [one] one entry could not be read; it is counted and kept apart
   *[other] { $count } entries could not be read; they are counted and kept apart
 }
note-vendor = the server's words: { $words }
note-request = request { $id }, { $request }
label-cause = What it means: { $text }
label-next = What to do: { $text }

## cli

cli-signed-in = signed in as { $user }
cli-viewing = viewing as { $user }, read only
cli-profile-saved = profile { $profile } saved; the password is in { $path }, readable only for you
cli-logged-out = the secrets of profile { $profile } are removed from this disk
cli-profile-removed = profile { $profile } removed
cli-profile-default = profile { $profile } is the default now
cli-no-profiles = no profiles yet; manyou login NAME makes one
cli-no-connection = no profile and no connection flags: give --api, --app-key and --user, or make a profile with manyou login
cli-no-password = no password: set MANYOU_PASSWORD, use --password-stdin, or sign in from a terminal
cli-prompt-password = password of { $user }:
cli-raw-terminal = raw bytes of a message can act on the terminal: send them to a file, or say --force
cli-interrupted = interrupted; what was printed is valid up to its last line
cli-message-not-found = message { $id } is not in the history of { $peer }
cli-page-size = history page size must be 1 to 50
cli-capped = the server lists at most { $cap }
cli-incomplete = not complete: go on with --cursor { $cursor }
delete-plan-messages = { $count ->
    [one] Delete 1 message of { $peer } from the view of { $user }.
   *[other] Delete { $count } messages of { $peer } from the view of { $user }.
 }
delete-plan-before = Delete at least { $count } messages of { $peer }, up to message { $newest } of { $cutoff }, from the view of { $user }.
delete-plan-conversation = Remove the conversation with { $peer } from the list of { $user }; its messages stay on the server.
delete-plan-conversation-history = Remove the conversation with { $peer } and all its messages from the view of { $user }.
delete-plan-others = { $peer } keeps everything. Your devices lose it, wherever { $user } is signed in.
delete-plan-final = Once sent, the server cannot bring them back.
delete-confirm = Nothing was sent. Add --yes to delete.
delete-expect = nothing was sent: --expect says { $expected }, the plan holds { $count }
delete-nothing = there is no message at or before { $time }; nothing was sent
delete-future = the time must lie in the past: { $time }; nothing was sent
delete-shared-ms = message { $kept } would go too, it has the same millisecond; nothing was sent. Delete by ids: { $ids }
delete-no-ids = no message ids were given; nothing was sent
delete-repeated-id = message { $id } is named twice; nothing was sent
delete-done = { $count ->
    [one] 1 deleted.
   *[other] { $count } deleted.
 }
delete-done-all = Deleted.
delete-partly = { $done } of { $count } deleted. { $left } still on the server.
delete-unknown = Sent, and no usable answer came: it may have happened. Read the conversation again before anything else.
delete-refused = The server refused; nothing was deleted.
usage-time = not a time: { $text }; write 2024-05-01T14:00:00Z, `2024-05-01 14:00`, -3d, or Unix milliseconds
