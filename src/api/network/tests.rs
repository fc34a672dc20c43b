use super::*;

fn read(flags: &Flags, given: &[(&str, &str)]) -> Result<Network, Vec<Problem>> {
    let variable = |name: &str| given.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
    Network::read(flags, variable)
}

/// The proxy for a URL.
fn hop(given: &[(&str, &str)], url: &str) -> Option<String> {
    let network = read(&Flags::default(), given).unwrap();
    network.proxies.hop(&url.parse().unwrap()).map(|hop| hop.to_string())
}

const API: &str = "https://ivschat.us-west-2.amazonaws.com";
const CHAT: &str = "wss://edge.ivschat.us-west-2.amazonaws.com";

#[test]
fn each_variable_names_the_proxy_of_what_it_is_for() {
    let both = [("HTTPS_PROXY", "http://secure.example:3128"), ("http_proxy", "plain.example:8080")];
    assert_eq!(hop(&both, API).as_deref(), Some("secure.example:3128"));
    assert_eq!(hop(&both, CHAT).as_deref(), Some("secure.example:3128"), "the chat goes the same way");
    assert_eq!(hop(&both, "http://169.0.0.1").as_deref(), Some("plain.example:8080"));
    let all = [("ALL_PROXY", "http://all.example"), ("HTTP_PROXY", "http://plain.example:8080")];
    assert_eq!(hop(&all, API).as_deref(), Some("all.example:80"));
    assert_eq!(hop(&all, "http://other.example").as_deref(), Some("plain.example:8080"));
    assert_eq!(hop(&[], API), None);
    let cgi = [("HTTP_PROXY", "http://plain.example:8080"), ("REQUEST_METHOD", "GET")];
    assert_eq!(hop(&cgi, "http://other.example"), None, "a web server's visitor must not choose our proxy");
}

#[test]
fn some_hosts_are_for_no_proxy() {
    let given =
        [("HTTPS_PROXY", "http://p.example:1"), ("HTTP_PROXY", "http://p.example:1"), ("NO_PROXY", ".corp, api.aws")];
    for own in [
        "http://127.0.0.1:4870",
        "ws://localhost:4870",
        "https://[::1]:4870",
        "http://169.254.169.254/latest",
        "http://169.254.170.2/v2",
        "https://ivschat.us-west-2.api.aws",
        "https://vpce.corp",
    ] {
        assert_eq!(hop(&given, own), None, "{own}");
    }
    assert!(hop(&given, API).is_some());
    let nothing = [("HTTPS_PROXY", "http://p.example:1"), ("NO_PROXY", "*")];
    assert_eq!(hop(&nothing, API), None);
}

#[test]
fn a_proxy_s_password_is_used_and_never_shown() {
    let given = [("HTTPS_PROXY", "http://me:hidden@p.example:1")];
    let network = read(&Flags::default(), &given).unwrap();
    let hop = network.proxies.hop(&API.parse().unwrap()).unwrap();
    assert_eq!(hop.password().unwrap(), "Basic bWU6aGlkZGVu");
    let printed = format!("{network:?} {hop:?} {hop} {:?}", hop.password());
    assert!(!printed.contains("hidden") && !printed.contains("bWU6aGlkZGVu"), "{printed}");
    for bad in ["socks5://me:hidden@p.example:1", "https://me:hidden@p.example", "http://me:hid den@", "hidden://x"] {
        let problems = read(&Flags::default(), &[("ALL_PROXY", bad)]).unwrap_err();
        assert_eq!(problems[0].member, "ALL_PROXY");
        let told = problems[0].message.replace("hidden://", "");
        assert!(!told.contains("hid") && told.contains("http://proxy.example:3128"), "{told}");
    }
}

#[test]
fn a_bundle_that_can_not_be_used_is_told_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let pem = |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    for (path, why) in [
        (folder.path().join("missing.pem"), "can't be read: No such file or directory"),
        (folder.path().to_owned(), "can't be read: Is a directory"),
        (path("empty.pem", ""), "holds no certificate"),
        (path("words.pem", "not a certificate\n"), "holds no certificate"),
        (path("cut.pem", &pem("M!!")), "is damaged"),
        (path("other.pem", &pem("aGVsbG8=")), "what is in certificate 1 is not one"),
    ] {
        let shown = path.display().to_string();
        let flags = Flags { ca_bundle: Some(path.clone()), ..Flags::default() };
        let told = read(&flags, &[("AWS_CA_BUNDLE", "/ignored")]).unwrap_err();
        assert_eq!(told[0].member, "--ca-bundle");
        assert!(told[0].message.starts_with(&shown) && told[0].message.contains(why), "{}", told[0].message);
        let told = read(&Flags::default(), &[("AWS_CA_BUNDLE", &shown)]).unwrap_err();
        assert_eq!(told[0].member, "AWS_CA_BUNDLE");
    }
}

#[test]
fn the_times_are_those_that_were_given() {
    let times = |connect_timeout, read_timeout| {
        let network = read(&Flags { connect_timeout, read_timeout, ..Flags::default() }, &[]).unwrap();
        (network.connect_timeout, network.attempt_timeout, network.handshake_timeout)
    };
    let seconds = Duration::from_secs;
    assert_eq!(times(None, None), (Duration::from_millis(3_100), seconds(15), seconds(10)));
    assert_eq!(times(Some(20), None), (seconds(20), seconds(20), seconds(20)));
    assert_eq!(times(Some(5), Some(60)), (seconds(5), seconds(60), seconds(5)));
    assert_eq!(times(None, Some(1)).1, seconds(1));
    assert_eq!(times(Some(0), Some(0)), (A_DAY, A_DAY, A_DAY), "0 is no limit, as in the AWS CLI");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let flags = Flags { ca_bundle: Some("/missing.pem".into()), ..Flags::default() };
    let given = [("HTTPS_PROXY", "ftp://x"), ("AWS_USE_FIPS_ENDPOINT", "1"), ("AWS_USE_DUALSTACK_ENDPOINT", "si")];
    let told: Vec<_> = read(&flags, &given).unwrap_err().into_iter().map(|problem| problem.member).collect();
    assert_eq!(told, ["--ca-bundle", "HTTPS_PROXY", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"]);
}
