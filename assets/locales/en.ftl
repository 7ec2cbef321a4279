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
error-wrong-app-credentials-next = copy both again from the app's page in the Easemob console
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
error-forbidden-cause = the signed-in user has no right to this, or is not a member of the group
error-forbidden-next = check whom you are signed in as
error-rate-limited = too many requests
error-rate-limited-cause = the server limits how often this may be asked
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
error-unreachable-cause = nothing answers at the address: the server is down or refuses, or there is no route
error-unreachable-next = check the network and the api address, then try again
error-interrupted = the connection broke in the middle
error-interrupted-cause = the server or the network closed it before the answer was whole
error-interrupted-next = try again; what had arrived stays
error-timeout = no answer in time
error-timeout-cause = the server did not answer within the time allowed
error-timeout-next = try again, or allow more time with --timeout
error-tls = the secure connection failed
error-tls-cause = the server's certificate cannot be trusted, or there is no certificate store
error-tls-next = check the clock, the address and the machine's certificates
error-proxy = a proxy in between refused
error-proxy-cause = the proxy wants a sign-in or forbids the address
error-proxy-next = check HTTPS_PROXY, or ask who runs the network
error-not-api = a web page came instead of the server's answer
error-not-api-cause = something in between, such as a proxy or a hotel's sign-in page, answered in the server's place
error-not-api-next = open a web page to sign in to the network, or check the api address
error-bad-answer = the answer cannot be read
error-bad-answer-cause = it is not what the protocol describes
error-bad-answer-next = try again; if it happens again, keep the log and report it
error-too-large = the answer is too large
error-too-large-cause = it is larger than this program accepts
error-too-large-next = ask for a smaller page
error-redirected = the server sends us to another address
error-redirected-cause = what signs you in is never sent on to another address
error-redirected-next = if you trust the new address, put it into the profile
error-plain-http = plain http:// is refused
error-plain-http-cause = anybody on the way could read the password
error-plain-http-next = use https://, or set allow_plain_http in the profile
error-read-only = this session may only read
error-read-only-cause = it was opened read only, or with the app's credentials on behalf of { $user }; nothing was changed
error-read-only-next = sign in as the user to delete anything
error-refused = refused before anything was sent
error-refused-cause = the service does not take one of the values
error-refused-next = correct it; the line below says what is wrong
error-cancelled = stopped
error-cancelled-cause = you stopped it
error-cancelled-next = start it again when you want; what had arrived stays
error-not-here = not on this disk
error-not-here-cause = nobody is signed in, and the archive does not have it
error-not-here-next = sign in to load it from the server
error-busy = another program holds the archive
error-busy-cause = it is writing there, and did not end within some seconds
error-busy-next = wait until it has ended, or end it, then go on
error-disk-full = no room is left on this disk
error-disk-full-cause = the archive cannot grow; what was kept before stays
error-disk-full-next = free some space, then go on
error-put-aside = a damaged archive was put aside and may still hold it
error-put-aside-cause = an archive that was damaged lies beside this one; nothing can be taken out of it alone, so it may still hold this
error-put-aside-next = remove that file once nothing in it is needed; manyou archive purge --all removes it too
error-local = a file on this disk cannot be read or written
error-local-cause = the disk or its permissions do not allow it
error-local-next = check the path below, its owner and the free space
error-service-not-enabled-history-next-cli = ask your Easemob contact for it
error-service-not-enabled-conversation-list-next-cli = ask your Easemob contact for it; manyou history PEER reads a conversation by its id meanwhile
error-server-next-cli = try again later
error-token-expired-next-cli = sign in again with manyou login, or give a new token
error-foreign-token = the token belongs to somebody else
error-foreign-token-cause = the server accepts the token, but not for the data of { $user }
error-foreign-token-next = give the token of { $user }, or name the user the token belongs to; nothing was changed
note-repeated-cursor = the server repeated a cursor: this is not all. What came is kept; ask again later.
note-empty-page = an empty page came before the last one; went on.
note-capitals = the user id { $user } has capital letters and the server lists nothing for it; it may expect { $lowered }.
note-empty-list = The server answered, with an empty list. Most likely first: the conversation-list service is off; the user id has capitals; nothing in the kept period; the last messages were sent through REST.
note-damaged = { $count ->
    [one] one entry could not be read; it is counted and kept apart
   *[other] { $count } entries could not be read; they are counted and kept apart
 }
note-vendor = the server's words: { $words }
note-details = details: { $words }
note-request = request { $id }, { $request }
label-cause = What it means: { $text }
label-next = What to do: { $text }

## cli

cli-signed-in = signed in as { $user }
cli-viewing = viewing as { $user }, read only
cli-profile-saved = profile { $profile } saved; the { $secret } is in { $path }, readable only for you
cli-logged-out = the secrets of profile { $profile } are removed from this disk
cli-profile-removed = profile { $profile } removed
cli-profile-default = profile { $profile } is the default now
cli-no-profiles = no profiles yet; manyou login NAME makes one
cli-no-connection = no profile and no connection flags: give --api, --app-key and --user, or make a profile with manyou login
cli-no-password = no password: set MANYOU_PASSWORD, use --password-stdin, or sign in from a terminal
cli-no-client-secret = no client secret: set MANYOU_CLIENT_SECRET, use --password-stdin, or sign in from a terminal
cli-no-messages = the server has no such messages of { $peer }
cli-peer-capitals = { $peer } is sent as typed; the server may expect { $lowered }
cli-prompt-password = password of { $user }:
cli-raw-terminal = raw bytes of a message can act on the terminal: send them to a file, or add --force
cli-interrupted = interrupted; what was printed is valid up to its last line
cli-message-not-found = message { $id } is not in the history of { $peer }
cli-capped = the server lists at most { $cap }
cli-incomplete = not complete: go on with --cursor { $cursor }
cli-secret-password = password
cli-secret-token = token
cli-secret-client-secret = app's client secret
cli-waiting-asked = the server asks to wait { $seconds } s: { $request }, then attempt { $attempt }
cli-waiting = { $why }: { $request }, attempt { $attempt } in { $seconds } s
search-horizon = { $n } messages on this disk, back to { $day }
search-horizon-part = { $n } messages on this disk, back to { $day }; not everything is mirrored, manyou sync does that
search-hits = { $n ->
    [one] 1 hit
   *[other] { $n } hits
 }; { $horizon }
search-hits-cut = the newest { $n } hits, --limit cut the others; { $horizon }
search-problem-from = from: takes the id or name of a sender, not { $value }
search-problem-in = in: takes the id or name of a conversation, not { $value }
search-problem-type = type: takes txt, img, audio, video, file, loc, cmd or custom, several with commas; not { $value }
search-problem-has = has: takes file, image, audio, video, link, location, reaction, thread, edit or translation, several with commas; not { $value }
search-problem-before = before: takes a time such as 2024-05-01, yesterday or -3d, not { $value }
search-problem-after = after: takes a time such as 2024-05-01, yesterday or -3d, not { $value }
search-problem-nothing = nothing
search-horizon-empty = nothing is mirrored on this disk yet: open conversations, or run manyou sync
sync-complete = complete
sync-incomplete = not complete: the server's cursors lead nowhere
sync-unknown-peer = the server knows no conversation and no message of { $peer }; nothing was mirrored
sync-watch-json = --json prints one document at the end, and --watch has none: use --ndjson
sync-watch-slower = every { $asked } s is more often than the service allows: it is every { $seconds } s
sync-done = { $n } messages here; { $new } new, { $changed } changed, { $gone } gone; { $done } of { $all } conversations complete
sync-line = sync { $done } of { $all }: { $n } read, { $new } new
sync-rate = { $n } a second
sync-held = { $n } requests wait until { $time }, as the server asked
sync-list-part = the server did not give its whole list: name conversations to mirror more
sync-stopped = stopped: { $why }; { $n } conversations were not reached
sync-watching = looking for new messages every { $seconds } s, Ctrl-C ends it
sync-files = { $new } files downloaded, { $files } here in { $folder }; { $expired } had expired
sync-files-in-the-way = { $path } is in the way: it is no file or folder of manyou's; move it away, then go on
sync-files-failed = { $n } files could not be downloaded ({ $why }); the next run tries again
action-sync = mirror all conversations into the archive
toast-sync-signed-out = sign in first: mirroring reads from the server
toast-sync-on-behalf = nothing is kept of a session on behalf of somebody
toast-sync-done = mirrored: { $new } new, { $gone } gone
sync-status = sync { $done } of { $all }
sync-running = mirroring
sync-over = mirrored
sync-over-stopped = stopped before the end
sync-list-part-here = the server did not give its whole list: there may be more conversations
sync-stopped-by-you = stopped, what came is kept
sync-failed = not begun
sync-conversations = { $done } of { $all } conversations
sync-new = { $n } new
sync-known = { $n } known
sync-changed = { $n } changed
sync-gone = { $n } gone
sync-head-conversation = conversation
sync-head-messages = new
sync-head-reaches = reaches
sync-row-running = reading
sync-row-stopped = stopped
key-resume = go on
sync-asks-again = { $why }; asked again at { $time }
sync-waiting = { $n } more waiting
key-behind = goes on behind
sync-no-archive = nothing is kept of a session on behalf of somebody, or there is no home folder
export-app = app
export-server = server
export-profile = profile
export-exported = exported
export-zone = time zone
export-program = written by
export-extent = extent
export-whole = complete
export-part = incomplete
export-recalled = recalled a message
export-hidden = hidden
export-bad-time = invalid time
export-saved = saved as
export-weekdays = Mon Tue Wed Thu Fri Sat Sun
export-what = { $n ->
    [one] 1 conversation
   *[other] { $n } conversations
 }
export-done = { $messages } of { $conversations } in { $path }
export-done-stdout = { $messages } of { $conversations } written
export-messages = { $n ->
    [one] 1 message
   *[other] { $n } messages
 }
export-whom = which conversations? name them, or say --all
export-renewed = { $n ->
    [one] 1 message changed since and is
   *[other] { $n } messages changed since and are
} written as { $n ->
    [one] it is
   *[other] they are
} now
export-part-note = not all of it is in the archive; manyou sync completes it
export-nothing = nothing of { $peer } is in the archive; manyou sync { $peer } mirrors it
export-format = which format? name it with --format, or let the file end with .ndjson .json .csv .md .txt or .html
export-exists = { $path } cannot be written: { $why }
export-terminal = the bytes of messages can act on the terminal: send them to a file
archive-empty = { $path }: nothing is kept yet
archive-file = { $path }: { $size }, { $free } of it empty, log { $log }
archive-messages = { $n } messages of { $conversations ->
    [one] 1 conversation
   *[other] { $conversations } conversations
 }, { $oldest } to { $newest }
archive-index = the index holds all of them
archive-index-behind = the index is { $n } messages behind
archive-whole = nothing is missing
archive-unfetched = of { $conversations ->
    [one] one conversation
   *[other] { $conversations } conversations
} in the list nothing was fetched yet; manyou sync fetches it
archive-aside = put aside as damaged: { $path }, { $size }; manyou archive purge --all removes it
archive-holes = { $n } holes in { $conversations ->
    [one] 1 conversation
   *[other] { $conversations } conversations
 }, manyou sync fills them
archive-mirrored = read from the server last at { $time }
archive-served = the server still had messages of { $day }
archive-only-here = { $n } messages are kept only here
archive-keeps = messages older than { $n } days are taken off this disk
archive-fault-file = { $n ->
    [one] the file is damaged in one place
   *[other] the file is damaged in { $n } places
}
archive-fault-unreadable = { $n ->
    [one] one message cannot be read any more
   *[other] { $n } messages cannot be read any more
}
archive-fault-columns = { $n ->
    [one] one message is filed under another sender, kind or id than its own
   *[other] { $n } messages are filed under another sender, kind or id than their own
}
archive-fault-place = { $n ->
    [one] one message stands at another time than its own
   *[other] { $n } messages stand at another time than their own
}
archive-fault-coverage = { $n ->
    [one] what is complete contradicts itself in one conversation
   *[other] what is complete contradicts itself in { $n } conversations
}
archive-fault-index = { $n ->
    [one] the search index differs from the messages in one place
   *[other] the search index differs from the messages in { $n } places
}
archive-mended = { $what }; made anew ({ $detail })
archive-not-mended = { $what } ({ $detail })
archive-sound = { $n } messages and every word of the index looked at: all is sound
archive-sound-again = { $n } messages looked at; what was wrong is made anew
archive-unsound = { $n } messages looked at; not all is sound. Write what you need with manyou export, take it off with manyou archive purge, and fetch it again with manyou sync
archive-compacted = { $before } before, { $after } now
archive-purge-whole = { $peer }: all { $n } messages, { $oldest } to { $newest }
archive-purge-part = { $peer }: { $n } messages, { $oldest } to { $newest }
archive-purge-nothing = Nothing of this is on this disk.
archive-purge-what = { $n } messages of { $conversations ->
    [one] 1 conversation
   *[other] { $conversations } conversations
 } go from this disk.
archive-purge-final = What the server no longer has is lost then.
archive-purge-ask = Take them off this disk? y/N
archive-purge-confirm = Nothing was taken off. Add --yes to purge.
archive-purged = { $n } messages are gone from this disk; manyou archive compact gives back the room
archive-purge-future = the time must lie in the past: { $time }; nothing was taken off
archive-put-aside = the archive was damaged; it now lies at { $path } and a new one was begun: manyou sync fills it again
import-done = { $path }: { $n } messages, { $new } new, { $changed } changed, { $bad ->
    [one] 1 line unusable
   *[other] { $bad } lines unusable
 }
import-derived = { $path } is an export as { $format }, which cannot be read back; import reads exports as .ndjson and the service's hourly history files
import-unknown = { $path } is neither an export as .ndjson nor an hourly history file of the service; import reads these two
import-why-io = cannot be read: { $why }
import-why-too-long = longer than any message can be
import-why-json = not JSON, or not what stands in such a file
import-why-no-message = no message in it
import-why-headless = a record of manyou without its export's header
import-why-schema = written by another version: { $why }
import-why-no-raw = without the bytes of the message; the export was made with --no-raw
import-why-altered = the bytes are not those of message { $why }
import-why-truncated = the file is cut off here
import-cut = { $path } was cut off: it has no trailer
import-foreign = { $path } is an export of { $account }; nothing of it was kept
import-line = { $path }, line { $line }: { $why }
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
delete-done = { $count } sent, the server confirmed.
delete-done-all = Sent, the server confirmed.
delete-partly = { $done } of { $count } confirmed by the server. { $left } not confirmed.
delete-room-entry = a chat room has no conversation entry; nothing was sent
delete-not-found = not in this history
delete-plan-count = { $count ->
    [one] The plan holds 1 message: --expect 1
   *[other] The plan holds { $count } messages: --expect { $count }
 }
delete-unknown = Sent, and no usable answer came: it may have happened. Read the conversation again before anything else.
delete-interrupted = interrupted before the answer came
delete-refused = The server refused; nothing was deleted.
delete-not-looked-up = not looked up
delete-was-not-found = not in this history when the plan was made
delete-kept = What the server deleted still stands in the archive on this disk, or some of it.
delete-kept-next = put that right and give the same command again; manyou sync PEER --verify takes it out as well
delete-done-missing = { $count } sent, the server confirmed. { $missing } of them were not in this history when the plan was made.
usage-time = not a time: { $text }; write 2024-05-01T14:00:00Z, `2024-05-01 14:00`, -3d, or Unix milliseconds
usage-zone = not a time zone: { $text }; write a name such as Asia/Shanghai
note-zone = TZ names no time zone known here: { $text }; times are in UTC
usage-page-size = a page holds 1 to 50 messages, not { $text }
usage-app-key = not an app key: { $text }; write org#app
usage-peer = not a PEER: { $text }; write alice, group:ID or room:ID
usage-message-id = not a message id: { $text }; it has 1 to 20 digits
usage-line-of-stdin = line { $line } of standard input
usage-stdin-twice = standard input cannot hold both the ids and a secret; nothing was read. Give the password in MANYOU_PASSWORD or the token in MANYOU_TOKEN.
usage-head = manyou: browse, search and clean up Easemob IM roaming history
usage-help = manyou --help lists verbs and flags
usage-near = ; did you mean { $near }?
usage-unknown-argument = there is no argument { $text }
usage-unknown-verb = there is no verb { $text }
usage-missing-argument = missing: { $arg }
usage-missing-verb = a verb is missing
usage-missing-value = { $arg } wants a value
usage-invalid-value = { $arg } cannot be { $text }; write one of { $valid }
usage-refused-value = { $arg } cannot be { $text }: { $why }
usage-conflict = { $arg } does not go with { $other }
usage-too-many-values = too many values for { $arg }
usage-cursor = not a cursor: { $text }; a cursor is a message id of 1 to 20 digits, not 0; -1 or null start at the end
usage-limit = not a limit: { $text }; write a number from 1 up
usage-timeout = not a length of time: { $text }; write 30s or 500ms
usage-listen = not an address to listen on: { $text }; write 127.0.0.1:0 or localhost:8080
usage-origin = not an origin to serve: { $text }; name each one with its scheme, e.g. https://shop.example
usage-fields = no field { $text }; write some of { $valid }
usage-fields-verb = --fields goes with list, history, show and search
usage-sender = --sender goes with groups and rooms only; { $peer } is a single chat
usage-no-config = there is no configuration file { $path }
usage-no-default = no profile is the default: name one with -p, or choose one with manyou profiles use NAME. There are: { $names }
config-io = { $path } cannot be read or written: { $why }
config-syntax = { $path }, line { $line }: { $why }
config-exposed = { $path } can be read by others; make it yours alone with chmod 600
config-no-home = no home folder; name the configuration with --config, or set XDG_CONFIG_HOME
config-profile-name = not a profile name: { $name }; it has 1 to 64 of a-z A-Z 0-9 _ - and inner dots
config-no-profile = no profile { $name }
config-no-profile-near = no profile { $name }; did you mean { $near }?
serve-failed = the sandbox cannot start: { $why }
serve-in-use = another server uses the data folder { $path }

## screen

program = manyou
me = me
online = online
offline = offline
signing-in = signing in …
signed-out = signed out
waiting-server = the server asks to wait, { $n } s left
waiting-why = { $why }, again in { $n } s
again-in = again in { $n } s
rows-below = { $n } rows below
report-counted = { $done } of { $all } deleted.
report-unknown-next = close this; R reads the conversation again and shows what is still on the server
viewing-as = viewing as { $user }, read only
read-only = read-only
deleting = deleting …
deleting-of = deleting { $nth } of { $of }
hiding = hiding …
hiding-of = hiding { $nth } of { $of }
synced = synced { $time }
status-conversations = { $n } conversations
status-damaged = { $n } unreadable
too-small = needs 20x4 cells
age-now = now
age-minutes = { $n }m
age-hours = { $h }h
age-hours-minutes = { $h }h{ $m }
age-days = { $n }d
day-today = Today
day-yesterday = Yesterday
waits = waits { $age }
waits-now = waits
waits-from-here = waits from here
unread = { $n } new
marked = { $n } marked
key-clear = clear
key-end-range = end the range
from-to = { $from } to { $to }
all-from = all from { $who }
from-several = from several people
offline-since = Offline since { $time }.
offline-here = This is what was here at { $time }.
key-try = tries again
key-sign-in-again = signs in again
key-read-again = read again
key-show-all = show all
members = { $n } members
comparing = comparing with the server
rereading = reading again …
count-of = { $n } of { $all }
count-max = { $n } of max { $max }
word-single = single
word-group = group
word-room = room
word-bot = bot
word-pinned = pinned
preview-from = { $who }: { $words }
sort-recent = newest first
sort-recent-reversed = oldest first
sort-waiting = longest wait first
sort-waiting-reversed = shortest wait first
sort-unread = most unread first
sort-unread-reversed = least unread first
sort-name = by name
sort-name-reversed = by name, backwards
list-loading = loading conversations …
list-none-match = no match, Esc shows all
list-empty = no conversations
list-no-message = no message kept
history-none-open = choose a conversation, then Enter
history-empty = no messages on the server
history-none-match = nothing loaded matches, Esc shows all
history-loading = loading history …
only-here = kept only here
oldest-on-server = oldest on server
gap = gap
gap-words = not loaded
gap-length = { $length } not loaded
gap-load = loads
gap-retry = retries
gap-again = asks again
edge-older = older
edge-newer = newer
edge-loading = loading …
edge-failed = not loaded
edge-stopped = stopped
edge-incomplete = not all is here
edge-repeats = the server repeats the same place instead of going on; there may be more
edge-empty-pages = the server goes on with empty pages and never says that it is the end
edge-unusable = the server named a place to go on from that cannot be used; there may be more
kind-image = image
kind-gif = moving image
kind-voice = voice
kind-video = video
kind-file = file
kind-place = place
kind-command = command
kind-custom = custom
kind-record = record
kind-thread = thread
kind-unknown = unknown
kind-damaged = damaged
unknown-hint = unknown kind, i shows it raw
thread-count = { $n } messages
text-empty = (empty)
text-more = +{ $size } more, i shows all
rows-more = +{ $n } rows, i shows all
badge-edited = edited
badge-replaced = replaced by moderation
badge-conflict = the server gave two versions, i shows both
badge-bad-time = time { $raw } is not valid
badge-hidden = { $n } hidden
badge-stream-running = not finished
recalled-by = recalled by { $who }
recalled-by-me = recalled by you
ask-find = find
ask-find-hint = in this list
ask-find-enter = find
ask-find-esc = leave
ask-filter = filter
ask-filter-hint = words, type:img, from:ID
ask-filter-list-hint = words of names, ids, last messages
ask-filter-enter = keep
ask-filter-esc = show all
ask-peer = open
ask-peer-hint = user, group:ID or room:ID
ask-peer-enter = open
ask-peer-esc = leave
place-list = conversations
place-history = history
place-everywhere = everywhere
help-title = Keys
help-narrow = type to narrow
help-where = you are in { $place }
help-none = no key matches
key-scroll = scroll
key-delete = delete
key-delete-now = delete now
key-hide = hide
key-hide-now = hide now
key-count = count to the end
key-keep = keep them
key-close = close
key-back = back
key-retry = retry
key-stop = stop, keep what came
key-retry-lower = retry as { $lowered }
key-open-peer = open by id
key-move = move
key-choose = choose
key-leave = leave
key-next-field = next field
key-sign-in = sign in
key-enter-next = next field
key-previous-field = previous field
foot-open = open
foot-find = find
foot-filter = filter
foot-next-attention = next waiting
foot-open-peer = open by id
foot-hide-conversation = delete
foot-delete-messages = delete
foot-help = help
foot-pane-out = back
foot-mark = mark
foot-copy-text = copy
foot-detail = details
foot-close-detail = close
confirm-messages = { $n ->
    [one] Delete 1 message
   *[other] Delete { $n } messages
 }
confirm-before = Delete { $count } older messages
confirm-conversation = Delete { $name } and its history
confirm-hide = Hide conversation { $name }
confirm-many = Delete { $n } conversations with history
confirm-hide-many = Hide { $n } conversations
confirm-too-small = There is no room for the question. Make the terminal larger. Esc keeps everything.
confirm-hot = { $n ->
    [one] Once sent, the server cannot bring it back.
   *[other] Once sent, the server cannot bring them back.
 }
row-account = account
row-peer = with
row-peers = with
row-messages = messages
row-conversations = conversations
row-until = up to
row-unread = unread
row-first = first
row-first-loaded = first loaded
row-last = last
row-last-loaded = last loaded
until = { $time }, message { $id }
at-least = at least { $n }
n-loaded = ({ $n } loaded)
counting = counting …
unread-lost = { $n }
on-server = on the server
on-devices = your devices
on-members = the members
on-others = the others
on-administrators = administrators
peer-keeps = { $n ->
    [one] keeps it
   *[other] keeps all { $count }
 }
peer-keeps-all = keeps all of them
members-keep = keep their copies
devices-lose = { $n ->
    [one] lose it, wherever { $user } is signed in
   *[other] lose them, wherever { $user } is signed in
 }
archive-holds = may find them in the hourly archive for about 3 days
hide-keeps = the history stays and can be opened by id
hide-devices = no longer list it, wherever { $user } is signed in
type-count = Type { $n } to delete
type-count-hide = Type { $n } to hide
type-count-first = type the number first
report-title = Deletion report
report-done = Everything was deleted. The server confirmed it.
report-not-all = Not everything was deleted.
report-stopped = The rest is still on the server.
report-left = { $left ->
    [one] 1 is still on the server.
   *[other] { $left } are still on the server.
 }
report-not-one = The conversation was not hidden. It is still in the list.
report-title-hide = What came of hiding
report-done-hide = All conversations were hidden. The server confirmed it.
report-not-all-hide = Not everything was hidden.
report-stopped-hide = The rest is still in the list.
report-unknown-hide = The outcome of one request is unknown. It may have been hidden, or not.
report-unknown = The outcome of one request is unknown. It may have been deleted, or not.
report-kept-next = The server deleted it. On this disk some of it still stands: put that right, then manyou sync PEER --verify takes it out.
report-looked = Read again since: { $gone } gone, { $still } still on the server.
chunk-messages = request { $i }, { $n ->
    [one] 1 message
   *[other] { $n } messages
 }
chunk-before = everything up to { $time }
chunk-conversation = the conversation and its history
chunk-hide = the conversation's entry
outcome-done = confirmed
outcome-refused = refused: { $why }
outcome-unknown = sent, no usable answer: may have happened
outcome-not-sent = not sent
sign-in-failed = You are not signed in
with-code = { $words } ({ $code })
list-failed = The conversation list could not be loaded
reread-failed = Not read again
history-failed = History could not be loaded
why = why
what-next = what next
details = details
server-said = server said
request = request
empty-title = No conversations came back
empty-lead = The server answered, with an empty list. Most likely first:
empty-capitals = Capital letters in the account
empty-capitals-why = you typed { $user }, the server may know { $lowered }
empty-service = The conversation list is not enabled
empty-service-why = a console switch; ask your Easemob contact
empty-period = Nothing in the kept period
empty-period-why = older conversations are not listed on this plan
empty-rest = Last messages came through REST
empty-rest-why = those conversations are left out of the list
detail-title = message
detail-none = no message under the cursor
detail-raw = as JSON
detail-received = as received
detail-more = +{ $n } rows, Enter shows all
detail-bytes = { $n } bytes
detail-first-version = the first version the server gave
field-id = id
field-kind = kind
field-from = from
field-to = to
field-time = time
field-utc = UTC
field-state = state
field-edit = edited
field-file = file
field-url = link
field-reason = reason
field-reaction = reaction
field-thread = thread
field-ext = ext
bad-time = { $raw } is not a valid time
edited-by = { $n } times, last by { $who } at { $time }
state-delivered = delivered
state-not-delivered = not delivered
state-read = read
state-unread = not read
welcome-name = manyou 漫游
welcome-lead = read, search and tidy the history Easemob keeps for you
welcome-demo = Look around
welcome-demo-why = a demo on this machine, nothing leaves it
welcome-sign-in = Sign in
welcome-sign-in-why = app key, user and password
welcome-profiles = profiles on this machine
sign-in-title = Sign in
sign-in-address = address
sign-in-app-key = app key
sign-in-user = user
sign-in-password = password
sign-in-empty = ·
sign-in-hint = the REST address and org#app are in the Easemob console
action-down = next row
action-up = previous row
action-half-down = half a page down
action-half-up = half a page up
action-page-down = a page down
action-page-up = a page up
action-first = first row, oldest on server
action-last = last row, newest on server
action-line-down = scroll one line down
action-line-up = scroll one line up
action-previous-day = previous day
action-next-day = next day
action-open = open, load, retry
action-open-peer = open a user, group or room by id
action-pane-in = pane to the right
action-pane-out = pane to the left, back
action-next-pane = next pane
action-previous-pane = previous pane
action-larger-pane = larger pane
action-smaller-pane = smaller pane
action-back = clear find, filter, marks; back
action-close = close, then leave
action-interrupt = stop what runs, twice leaves
action-suspend = suspend to the shell
action-redraw = paint anew
action-refresh = read again from the server
action-help = these keys
action-find = find in the list; in a history look for messages
action-find-next = next hit
action-find-previous = previous hit
action-filter = hide what does not match
action-next-attention = next that waits or is unread
action-previous-attention = previous that waits or is unread
action-sort-waiting = longest wait first
action-sort-recent = newest first
action-sort-unread = most unread first
action-sort-name = by name
action-sort-reverse = the other way round
action-mark = mark or unmark
action-mark-range = mark a range
action-mark-all = mark all that match
action-detail = all fields and raw JSON
action-copy-id = copy the id
action-copy-name = copy the name
action-copy-link = copy the link of the file
action-copy-json = copy as JSON
action-copy-text = copy the words
action-toggle-wrap = wrap or cut long texts
action-time-format = times: local, relative, UTC
action-delete-messages = delete the marked messages, or this one
action-delete-before = delete everything older than this
action-hide-conversation = hide the conversation, keep its history
action-delete-conversation = delete the conversation and its history
toast-capitals = { $id } has capitals and is sent as typed; the server may only know { $lower }
toast-copied = copied
toast-not-copied = the clipboard cannot be reached
toast-nothing-to-copy = nothing to copy here
toast-deletion-not-sent = nothing was sent: { $why }
toast-read-only = read only: opened with --read-only
toast-read-only-as = read only: viewing as { $user }
toast-deletion-running = a deletion is still on its way
toast-room-not-listed = a chat room is never in the list; D m and D b work
toast-nothing-to-delete = nothing to delete here
toast-no-usable-id = no id to delete by: these messages came damaged
toast-nothing-older = nothing is older than this
toast-older-not-loaded = the next older message is not loaded yet
toast-no-usable-time = the next older message has no valid time to delete by
toast-same-millisecond = the next older message has the same time; it cannot be told apart
toast-count-failed = not counted: { $why }
toast-messages-deleted = { $count } deleted
toast-before-deleted = everything older was deleted
toast-conversation-hidden = hidden, its history stays
toast-conversation-deleted = conversation and history deleted
toast-none-gone = compared with the server: nothing is gone
toast-gone-from-server = { $count } no longer on the server
toast-no-other-day = no other day is loaded
toast-no-further-hit = no further hit
toast-no-hit = no hit in the list
toast-open-first = open a conversation first
toast-no-next-attention = nobody further down waits or is unread
toast-no-previous-attention = nobody further up waits or is unread
toast-leaving-after-deletion = leaving once the deletion is answered
toast-interrupt = C-c again leaves
problem-peer = write a user id, group:ID or room:ID
problem-address = write the REST address, https://…
problem-app-key = write the app key as org#app
problem-user = write a user id: letters, digits, _ - .
problem-password = write the password

# Going to a place
action-go-to-time = go to a date or a time
action-go-to-message = go to a message by its id
foot-go-to-time = go to
foot-go-to-message = go to id
ask-time = go to
ask-time-hint = 2024-05-01 14:00, 15:00, yesterday 15:00, -3d
ask-time-enter = go
ask-time-esc = leave
ask-message = go to id
ask-message-hint = the number of a message
ask-message-enter = go
ask-message-esc = leave
problem-time = no date or time; 2024-05-01 14:00, 15:00, yesterday 15:00, -3d are
problem-message = no message id; it is a number of up to 20 digits
travelling = going there
toast-message-not-found = no message has this id here; this is where it would stand
toast-nothing-later = nothing is later; this is the newest message
toast-no-place = nothing is there

place-results = results of a search
search-title = search
search-in = in { $who }
search-in-all = in all of { $who }
search-scope-key = scope
search-busy = looking
search-hits-here = { $n ->
    [one] hit · newest first
   *[other] hits · newest first
}
search-hits-in = { $n ->
    [one] hit
   *[other] hits
} in { $c ->
    [one] one conversation
   *[other] { $c } conversations
} · newest first
search-more = { $n } more
search-unfold = shows them
search-hint = Type words; hits show as you type.
search-hint-filters = from: in: type: has: before: after: narrow it, "quotes" keep words together.
search-none = Nothing found.
search-none-more = Not everything is mirrored: M mirrors all conversations, then look again.
search-none-ask = The server can be asked: Enter, then $.
search-looked = searched { $n } messages on this disk, { $from } to { $to }
search-looked-day = searched { $n } messages on this disk, all of { $from }
search-looked-short = { $n } messages here, { $from } to { $to }
search-looked-day-short = { $n } messages here, of { $from }
search-looked-nothing = nothing is kept on this disk yet
search-looked-all = all that the server keeps of these conversations
search-not-looked = not searched: what is not mirrored; M mirrors it
search-not-looked-short = not searched: what M would mirror
search-behind = the index is behind by { $n }; these were read one by one
search-behind-short = the index is behind by { $n }
history-loose = single messages
search-asks = asking the server for what is not here; Esc stops it
search-asks-short = asking the server; Esc stops it
search-asked = the server was asked: { $n ->
    [one] it sent one message
   *[other] it sent { $n } messages
 }
search-asked-part = the server was asked: { $n ->
    [one] one message came
   *[other] { $n } messages came
 }, not all; M mirrors the rest
search-asked-part-short = the server sent { $n }, not all; M mirrors
search-not-asked = the server could not be asked: { $why }
search-changes-nothing = searching changes nothing: unread stays unread
key-search-take = take
key-search-choose = choose
key-search-back = back
key-search-open = open
key-search-next = next, previous hit
key-search-edit = change
key-search-scope = scope
key-ask-server = ask the server
key-search-stay = stay here
key-search-results = results
action-search = look for messages of all conversations
action-search-scope = look in one conversation, or in all
action-ask-server = ask the server for what type:, from:, before: and after: name
status-not-kept = not all is kept here: { $why }
status-for-now = no place to keep it: only until the program ends
toast-put-aside = The archive was damaged. It lies in { $path }; a new one was begun.
toast-no-server = Offline: there is no server to ask.
toast-server-knows-no-words = The server looks for no words; type:, after: or before: it knows. M mirrors all.
foot-search = search
toast-nothing-sought = nothing is looked for: / looks in this conversation, S in all
toast-more-hits-coming = more hits are on their way

## without a server
local-file = a file
local-archive-empty = Nothing of this account is in the archive.
local-archive-empty-next = Start without --offline, or run manyou sync: what is read from the server stays here.
local-file-empty = The file holds no message.
local-file-empty-next = q leaves.
status-messages = { $count ->
    [one] 1 message
   *[other] { $n } messages
}
edge-not-here = not in the archive
toast-local-archive = offline: no server is asked; start without --offline
toast-local-file = this is a file; there is no server to ask
toast-offline-delete = offline: a deletion needs the server; start without --offline
toast-file-delete = this is a file; there is nothing to delete on a server
toast-lost-delete = no connection: a deletion needs the server; R tries again
toast-out-delete = nobody is signed in: a deletion needs the server
usage-offline = this verb needs a server; leave out --offline
open-no-folder = no folder below { $path } for what the file holds: { $why }
open-nothing = nothing in { $path } can be read
open-foreign = { $path } is an export of { $account }, the file before it is not; open them one by one
open-more = { $name } and { $n } more
import-progress = reading { $what }: { $n } messages, { $rate }/s
offline-list = offline: this is the list of { $time }
offline-no-list = offline: no list is in the archive; manyou sync keeps one
offline-nothing = nothing of { $peer } that fits is in the archive
offline-holes = offline: { $n ->
    [one] 1 stretch between these messages is not in the archive
   *[other] { $n } stretches between these messages are not in the archive
}
offline-open-end = offline: what follows is not in the archive

## exports
export-progress = writing { $what }: { $n } messages, { $rate }/s
export-there = { $path } is there already; -f replaces it, --update adds what is new
export-goes-on = only an NDJSON with the bytes of the messages, in a file, can be gone on with
export-left = { $path } is left from an export that broke off; --resume goes on with it
export-broken-off = what is written so far stays in { $path }; the same export with --resume goes on
export-other = { $path } is an export of { $account }, not of this account; nothing was changed
export-unusable = { $path } cannot be gone on with: { $why }
export-why-header = it does not begin as an export with the bytes of the messages does
export-why-line = line { $line } is no message of an export
export-what-found = { $query } in { $whose }
export-what-picked = picked messages of { $whose }
export-ids-whose = ids are those of one conversation: name it
export-no-id = { $peer } has no message { $id } in the archive; nothing was written
export-attachments = { $n ->
    [one] 1 attachment in { $path }
   *[other] { $n } attachments in { $path }
}
export-attachments-missing = { $n ->
    [one] 1 attachment is missing: { $why }; { $path } lists it
   *[other] { $n } attachments are missing: { $why }; { $path } lists them
}
export-attachments-where = { $path } must lie in the folder of the export or below: links lead there

# exports on the screen
action-export = export to a file
export-title = Export
export-row-what = what
export-row-format = format
export-row-file = file
export-conversation = the conversation with { $name }
export-marked-one = the marked conversation, { $name }
export-marked-conversations = { $n } marked conversations
export-marked = { $n ->
    [one] 1 marked message
   *[other] { $n } marked messages
}
export-day = the day, { $day }
export-hits = { $count ->
    [one] 1 hit
   *[other] all { $n } hits
}
export-marked-hits = { $n ->
    [one] 1 marked hit
   *[other] { $n } marked hits
}
export-everywhere = all conversations
export-stem-many = conversations
export-format-ndjson = lossless; manyou reads it back
export-format-json = one document, for programs
export-format-csv = a table, for spreadsheets
export-format-md = for notes and wikis
export-format-txt = plain words
export-format-html = one page, to read or print
export-from-here = From what is kept on this disk; no server is asked.
export-is-there = A file of this name is there already.
export-is-there-next = Replaced, what it holds is gone.
export-no-file = This is not the name of a file.
export-no-file-next = End it with a file name.
export-no-folder = The folder is not there.
export-no-folder-next = Make it first, or choose another.
export-not-here = Nothing of it is in the archive.
export-not-here-next = Open it, or mirror it with M, then try again.
export-no-message = The archive has no message { $id }; nothing was written.
export-unwritable = The file cannot be written: { $why }.
export-unwritable-next = Choose another place, or see to this one.
key-export = export
key-replace = replace it
key-other-name = other name
key-change = change
exporting = exporting { $n } of { $of }
exporting-stops = the export stops
exported-done = Exported, as far as the archive has it.
exported-stopped = Stopped. No file of that name was made.
exported-not = Nothing was exported.
exported-broke = The export broke off.
exported-missing = missing
exported-parts = { $n ->
    [one] the archive may not have all of it
   *[other] the archive may not have all of { $n } conversations
}
exported-nothing = { $n ->
    [one] 1 conversation is not in the archive
   *[other] { $n } conversations are not in the archive
}
exported-missing-next = M mirrors what is missing; then export again
exported-left = what stays
exported-left-next = export --resume on the command line goes on
toast-exported = { $count ->
    [one] 1 message in { $path }
   *[other] { $n } messages in { $path }
}
toast-export-stopped = the export was stopped; nothing of it stays
toast-export-running = an export is on its way; C-c stops it
toast-leaving-stops-export = q again stops the export and leaves
toast-nothing-to-export = nothing to export here
toast-no-archive = there is no archive on this disk to export from
on-this-disk = on this disk
archive-loses = { $n ->
    [one] the archive loses it too
   *[other] the archive loses them too
}

## bookmarks, and what is unread
action-first-unread = go to the first unread message
action-set-bookmark = set a bookmark: a letter from a to z
action-go-to-bookmark = go to a bookmark, or back from a jump
bookmark-sets = bookmarks this message:
bookmark-taken = set already: { $letters }
bookmark-none = no bookmark is set
bookmark-back = back, { $name }
bookmark-more = { $n } more
toast-none-unread = nothing is unread here
toast-unread-older = the history ends before the first unread message; this is the oldest
toast-unread-hole = not all of it is here: what is unread begins before this, or here
toast-unread-further = the first unread is more than { $n } messages back; this is where the look ended
toast-filter-off = filter off: it hid this place
toast-still-to-come = that is still to come; this is the newest message
toast-no-letter = a bookmark is a letter from a to z
toast-no-bookmark = no bookmark { $letter } is set
toast-no-jump = no jump to go back from
toast-bookmark-set = bookmark { $letter } set
toast-bookmark-moved = bookmark { $letter } set here; it was { $name }, { $date }
toast-bookmark-gone = the message of bookmark { $letter } is gone, and the bookmark with it
toast-bookmark-damaged = this message came damaged, without an id to come back to
toast-bookmark-for-now = bookmark { $letter } set until the program ends: nothing is kept here
toast-bookmark-not-kept = bookmark { $letter } holds until the program ends: { $why }
