//! Nothing secret leaves the program but to the server.

use crate::support::Sandbox;

#[test]
fn the_most_talkative_log_holds_neither_password_nor_token() {
    let sandbox = Sandbox::filled(&["the words of a customer"], &["-vv"]);
    let user = "keeper";
    sandbox.admin("/users", serde_json::json!([{"username": user, "password": "Sesame-7731"}]));
    let by_password = sandbox.command(user).env("MANYOU_PASSWORD", "Sesame-7731").args(["list", "-vv"]).output();
    let token = sandbox.token("alice");
    let mut command = sandbox.command("alice");
    command.env_remove("MANYOU_PASSWORD").env("MANYOU_TOKEN", &token);
    let by_token = command.args(["history", "bob", "--log", "trace", "--json"]).output();
    for (run, secret) in [(by_password, "Sesame-7731"), (by_token, token.as_str())] {
        let output = run.expect("runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !told.is_empty(), "{told}");
        assert!(!told.contains(secret) && !told.contains("the words of a customer"), "{told}");
        assert!(!String::from_utf8_lossy(&output.stdout).contains(secret));
    }
    let served = sandbox.log();
    assert!(served.contains("/token"), "the server's log names the calls: {served}");
    for secret in ["Sesame-7731", &token, sandbox.word("client_secret"), "the words of a customer"] {
        assert!(!served.contains(secret), "{served}");
    }
}
