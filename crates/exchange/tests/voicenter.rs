//! Voicenter: the REST interfaces' strictness and oddities, and the sockets against what really happens in the office.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up stops at once")]

mod common;

use std::time::Duration;

use common::{PATIENCE, client, json_of, quiet, started, text};
use futures_util::{SinkExt, StreamExt};
use reqwest::StatusCode;
use ringside_exchange::{
    AddressRefusal, DialBehaviour, EngineIo, Exchange, ExpiryForm, Fault, FaultKind, KeyCase, Line, LosingLegs,
    Options, PastRecord, Presence, RingSpec, ServiceName, TokenRefusal, VoicenterOptions,
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

const LIST: &str = "/Comet/api/GetExtensions";
const CALLS: &str = "/comet/API/GetExtensionsCalls";
const CLICK: &str = "/ForwardDialer/click2call.aspx";
const LOG: &str = "/hub/cdr/";

async fn with(voicenter: VoicenterOptions) -> Exchange {
    started(Options { voicenter, dial: DialBehaviour::by_hand(), ..Options::quiet() }).await
}

async fn post(exchange: &Exchange, path: &str, body: Value) -> Value {
    let request = client().post(format!("{}{path}", exchange.voicenter_url()));
    let answer = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    json_of(answer).await
}

async fn login(exchange: &Exchange) -> Value {
    let answer = post(exchange, "/monitorAPI/Login/Token", json!({"token": exchange.voicenter().code()})).await;
    answer["Data"]["Socket"].clone()
}

struct Client(WebSocketStream<TcpStream>);

impl Client {
    async fn open(exchange: &Exchange, token: &str, engine: u8) -> Result<Self, Option<u16>> {
        let host = exchange.voicenter_url().trim_start_matches("http://").to_owned();
        let url = format!("ws://{host}/socket.io/?EIO={engine}&transport=websocket&token={token}");
        let tcp = TcpStream::connect(&host).await.unwrap();
        match client_async(url, tcp).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(Some(answer.status().as_u16())),
            Err(_) => Err(None),
        }
    }

    /// An open socket that has been told everything at its beginning, and the snapshot.
    async fn ready(exchange: &Exchange) -> (Self, Value) {
        let token = text(&login(exchange).await["Token"]);
        let mut client = Self::open(exchange, &token, 3).await.unwrap();
        assert!(client.text().await.unwrap().starts_with("0{"));
        assert_eq!(client.text().await.unwrap(), "40");
        let all = client.event("AllExtensionsStatus").await;
        (client, all)
    }

    /// The next text; `None` once the socket is over, however.
    async fn text(&mut self) -> Option<String> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("the socket should say something");
            match next?.ok()? {
                Message::Text(text) => return Some(text.to_string()),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// The data of the next event of that name.
    async fn event(&mut self, name: &str) -> Value {
        loop {
            let text = self.text().await.expect("the socket stays open");
            let Some(json) = text.strip_prefix("42") else { continue };
            let mut parts: Vec<Value> = serde_json::from_str(json).unwrap();
            if parts[0] == name {
                return parts.remove(1);
            }
        }
    }

    /// The next event of an extension: reason, cause, and its calls as id and status.
    async fn told(&mut self) -> (String, Option<String>, Vec<(String, String)>) {
        let event = self.event("ExtensionEvent").await;
        let calls = event["data"]["calls"].as_array().unwrap();
        let calls = calls.iter().map(|it| (text(&it["ivrid"]), text(&it["callstatus"]))).collect();
        (text(&event["reason"]), event.get("cause").map(text), calls)
    }

    async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }
}

#[tokio::test]
async fn lists_extensions_and_has_its_two_ways_to_say_no() {
    let exchange = quiet().await;
    let code = exchange.voicenter().code();
    let list = post(&exchange, LIST, json!({"code": code})).await;
    assert_eq!((&list["ERR"], list["EXTENSIONS"].as_array().unwrap().len()), (&json!(0), 46));
    let anna = list["EXTENSIONS"].as_array().unwrap().iter().find(|it| it["SIP"] == "SIP31").unwrap();
    assert_eq!((&anna["SpeedDial"], &anna["UserName"]), (&json!("31"), &json!("Anna Berger")));
    let nobodys = post(&exchange, LIST, json!({"code": "WELLFORMEDBUTUNKNOWN"})).await;
    assert_eq!((&nobodys["ERR"], &nobodys["EXTENSIONS"]), (&json!(0), &json!([])), "the trap");
    assert_eq!(post(&exchange, LIST, json!({"code": "short"})).await["ERR"], 1);
    let by_get = client().get(format!("{}{LIST}?code={code}", exchange.voicenter_url())).send().await.unwrap();
    assert_eq!(json_of(by_get).await["ERR"], 0);
    let recorded = exchange.tape().requests().pop().unwrap();
    assert_eq!(recorded.query, "code=***", "no secret stays on the tape");
    let wrong_path =
        client().get(format!("{}/comet/api/GetExtensions", exchange.voicenter_url())).send().await.unwrap();
    assert_eq!(wrong_path.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_that_is_not_on_the_list_is_told_so_in_either_form() {
    for (refusal, status) in [(AddressRefusal::Coded, 200), (AddressRefusal::Forbidden, 403)] {
        let exchange = with(VoicenterOptions { address_refusal: refusal, ..VoicenterOptions::default() }).await;
        exchange.voicenter().set_address_allowed(false);
        for path in [LIST, CALLS, CLICK, LOG] {
            let answer = post(&exchange, path, json!({"code": exchange.voicenter().code()})).await;
            assert!(answer.to_string().contains("IP address is not authorized"), "{path}");
        }
        assert!(exchange.tape().requests().iter().all(|it| it.status == Some(status)));
    }
}

#[tokio::test]
async fn the_three_logins_give_out_tokens_and_refresh_tokens_work_once() {
    let exchange = quiet().await;
    let options = exchange.voicenter().options().clone();
    for (kind, body) in [
        ("Token", json!({"token": options.code})),
        ("User", json!({"email": options.email, "pin": options.pin})),
        ("Account", json!({"username": options.username, "password": options.password})),
    ] {
        let path = format!("/monitorAPI/Login/{kind}");
        let socket = post(&exchange, &path, body.clone()).await["Data"]["Socket"].clone();
        assert!(socket["Token"].is_string() && socket["URLList"].as_array().unwrap().len() > 1, "{kind}");
        let mut wrong = body;
        *wrong.as_object_mut().unwrap().values_mut().last().unwrap() = json!("wrong");
        assert!(post(&exchange, &path, wrong).await["error"].is_string(), "{kind}");
        let refresh = |token: Value| {
            client()
                .get(format!("{}/monitorAPI/RefreshIdentityToken", exchange.voicenter_url()))
                .bearer_auth(text(&token))
        };
        let again = refresh(socket["RefreshToken"].clone()).send().await.unwrap();
        assert_ne!(json_of(again).await["Data"]["Socket"]["Token"], socket["Token"], "{kind}");
        let used = refresh(socket["RefreshToken"].clone()).send().await.unwrap();
        assert_eq!(used.status(), StatusCode::UNAUTHORIZED);
    }
    let recorded = format!("{:?}", exchange.tape().requests());
    assert!(!recorded.contains(&options.pin) && !recorded.contains(&options.code), "{recorded}");
}

#[tokio::test]
async fn expiries_come_in_every_plausible_form() {
    for (expiry, looks) in [
        (ExpiryForm::Rfc3339, "Z"),
        (ExpiryForm::Bare, "."),
        (ExpiryForm::Milliseconds, ")/"),
        (ExpiryForm::Unreadable, "while"),
    ] {
        let exchange = with(VoicenterOptions { expiry, ..VoicenterOptions::default() }).await;
        let written = text(&login(&exchange).await["TokenExpiry"]);
        assert!(written.contains(looks) && (expiry != ExpiryForm::Bare || !written.ends_with('Z')), "{written}");
    }
}

#[tokio::test]
async fn a_socket_begins_with_the_whole_office_and_goes_on_with_events() {
    let exchange = quiet().await;
    let standing = exchange.ring(RingSpec::to("32").from("4922166966966"));
    let (mut client, all) = Client::ready(&exchange).await;
    assert_eq!(all["extensions"].as_array().unwrap().len(), 46);
    assert_eq!(all["servertimeoffset"], 120);
    let call = |it: &Value| it["calls"].as_array().unwrap().first().map(|it| text(&it["ivrid"]));
    let live: Vec<_> = all["extensions"].as_array().unwrap().iter().filter_map(call).collect();
    assert_eq!(live, [standing.id().to_string()]);

    let call = exchange.ring(RingSpec::to("31").from("972501234567"));
    let id = call.id().to_string();
    let event = client.event("ExtensionEvent").await;
    assert_eq!((&event["reason"], &event["data"]["extenUser"]), (&json!("NEWCALL"), &json!("SIP31")));
    assert_eq!(event["data"]["calls"][0]["callerphone"], "0501234567", "an Israeli number has its trunk prefix");
    let ahead = event["servertime"].as_i64().unwrap() - exchange.tape().requests()[0].at.as_second();
    assert!((7199..7260).contains(&ahead), "epochs are local time: {ahead}");
    call.answer("31");
    assert_eq!(client.told().await, ("ANSWER".into(), None, vec![(id, "Talking".into())]));
    call.hang_up();
    assert_eq!(client.told().await, ("HANGUP".into(), Some("Normal hangup".into()), vec![]));
}

#[tokio::test]
async fn losers_of_a_group_were_answered_elsewhere_or_are_never_told_of() {
    let exchange = quiet().await;
    let (mut client, _) = Client::ready(&exchange).await;
    let call = exchange.ring(RingSpec::to_group(["22", "23"]));
    call.answer("23");
    let mut causes = Vec::new();
    for _ in 0..4 {
        causes.push(client.told().await.1);
    }
    assert_eq!(causes[3].as_deref(), Some("Answered elsewhere"));
    call.hang_up();
    client.told().await;
    let call = exchange.ring(RingSpec::to_group(["24", "25"]).losing(LosingLegs::Never));
    call.answer("25");
    let (_, all) = Client::ready(&exchange).await;
    let of =
        |sip: &str| all["extensions"].as_array().unwrap().iter().find(|it| it["extenUser"] == sip).unwrap().clone();
    assert_eq!((&of("SIP24")["calls"], of("SIP25")["calls"].as_array().unwrap().len()), (&json!([]), 1));
}

#[tokio::test]
async fn a_change_of_status_comes_without_calls_even_in_the_middle_of_one() {
    let exchange = quiet().await;
    let (mut client, _) = Client::ready(&exchange).await;
    exchange.ring(RingSpec::to("31")).answer("31");
    client.told().await;
    client.told().await;
    exchange.office().set_presence("31", Presence::Away);
    assert_eq!(client.told().await, ("userStatusUpdate".into(), None, vec![]));
    assert_eq!(exchange.voicenter().status("31"), 3);
}

#[tokio::test]
async fn bad_tokens_and_dying_ones_meet_what_the_options_say() {
    for refusal in [TokenRefusal::Unauthorized, TokenRefusal::ErrorPacket, TokenRefusal::Close] {
        let exchange = with(VoicenterOptions { token_refusal: refusal, ..VoicenterOptions::default() }).await;
        let opened = Client::open(&exchange, "nonsense", 3).await;
        match refusal {
            TokenRefusal::Unauthorized => assert_eq!(opened.err(), Some(Some(401))),
            TokenRefusal::ErrorPacket => {
                let mut client = opened.ok().unwrap();
                client.text().await.unwrap();
                assert!(client.text().await.unwrap().starts_with("44"));
                assert_eq!(client.text().await, None);
            }
            TokenRefusal::Close => assert_eq!(opened.ok().unwrap().text().await, None),
        }
    }
    let lifetime = Duration::from_millis(400);
    let exchange = with(VoicenterOptions { token_lifetime: lifetime, ..VoicenterOptions::default() }).await;
    let (mut client, _) = Client::ready(&exchange).await;
    while let Some(text) = client.text().await {
        assert_eq!(text, "41", "nothing but the farewell of a token that has died");
    }
    let (mut client, _) = Client::ready(&exchange).await;
    exchange.voicenter().drop_sockets();
    assert_eq!(client.text().await.as_deref(), Some("41"));
}

#[tokio::test]
async fn each_engine_has_its_own_handshake_and_pings() {
    let exchange = quiet().await;
    let token = text(&login(&exchange).await["Token"]);
    assert_eq!(Client::open(&exchange, &token, 4).await.err(), Some(Some(400)));
    let (mut client, _) = Client::ready(&exchange).await;
    client.say("2").await;
    assert_eq!(client.text().await.as_deref(), Some("3"));

    let options = VoicenterOptions {
        engine: EngineIo::V4,
        ping_interval: Duration::from_millis(50),
        ping_timeout: Duration::from_millis(200),
        ..VoicenterOptions::default()
    };
    let exchange = with(options).await;
    let token = text(&login(&exchange).await["Token"]);
    assert_eq!(Client::open(&exchange, &token, 3).await.err(), Some(Some(400)));
    let mut client = Client::open(&exchange, &token, 4).await.ok().unwrap();
    assert!(client.text().await.unwrap().starts_with("0{"));
    client.say("40").await;
    assert!(client.text().await.unwrap().starts_with("40{"));
    client.event("AllExtensionsStatus").await;
    assert_eq!(client.text().await.as_deref(), Some("2"));
    client.say("3").await;
    // Whoever falls silent is parted from.
    while client.text().await.is_some() {}
}

#[tokio::test]
async fn clients_may_keep_alive_resync_and_take_their_leave() {
    let exchange = quiet().await;
    let (mut client, _) = Client::ready(&exchange).await;
    client.say(r#"42["keepalive","x"]"#).await;
    assert_eq!(client.event("keepaliveResponse").await["isOk"], true);
    exchange.voicenter().set_keepalive_ok(false);
    client.say(r#"42["keepalive","x"]"#).await;
    assert_eq!(client.event("keepaliveResponse").await["errorCode"], 1);
    client.say(r#"42["resync",{"cache":false}]"#).await;
    client.event("AllExtensionsStatus").await;
    assert_eq!(exchange.voicenter().sockets(), 1);
    client.say(r#"42["closeme"]"#).await;
    assert_eq!(client.text().await, None);
    assert_eq!(exchange.voicenter().emitted(), ["keepalive", "keepalive", "resync", "closeme"]);
}

#[tokio::test]
async fn faults_strike_sockets_at_the_byte() {
    let on_socket = |what| Fault::new(what).on(ServiceName::Voicenter).path("/socket.io/").streams();
    for bytes in [1, 7, 100, 900] {
        let exchange = quiet().await;
        let (mut client, _) = Client::ready(&exchange).await;
        exchange.faults().set(on_socket(FaultKind::Reset).after_bytes(bytes).once());
        exchange.ring(RingSpec::to("31"));
        exchange.ring(RingSpec::to("32"));
        let whole = if client.text().await.is_some() { 1 } else { 0 };
        assert!(whole == 0 || bytes == 900, "{bytes}");
        if whole == 1 {
            assert_eq!(client.text().await, None);
        }
    }
    for (what, expected) in [
        (FaultKind::Duplicate, &["NEWCALL", "NEWCALL", "ANSWER", "ANSWER"][..]),
        (FaultKind::Reorder, &["ANSWER", "NEWCALL"]),
    ] {
        let exchange = quiet().await;
        let (mut client, _) = Client::ready(&exchange).await;
        exchange.faults().set(on_socket(what));
        exchange.ring(RingSpec::to("31")).answer("31");
        for reason in expected {
            assert_eq!(client.told().await.0, *reason);
        }
    }
    let exchange = quiet().await;
    let (mut client, _) = Client::ready(&exchange).await;
    exchange.faults().set(on_socket(FaultKind::HalfOpen).once());
    exchange.ring(RingSpec::to("31"));
    let silence = tokio::time::timeout(Duration::from_millis(300), client.0.next()).await;
    assert!(silence.is_err(), "{silence:?}");
}

#[tokio::test]
async fn click_to_call_rings_the_own_telephone_first_and_terminate_ends_what_is_active() {
    let exchange = with(VoicenterOptions::default()).await;
    let code = exchange.voicenter().code();
    let (mut client, _) = Client::ready(&exchange).await;
    let body = json!({"code": code, "action": "call", "phone": "SIP31", "target": "4922166966966", "format": "json"});
    let answer = post(&exchange, CLICK, body.clone()).await;
    assert_eq!(answer["ERRORCODE"], 0);
    let own = exchange.office().calls().remove(0);
    assert_eq!(answer["CALLID"], own.id().to_string());
    let statuses = async |client: &mut Client| client.told().await.2[0].1.clone();
    assert_eq!(statuses(&mut client).await, "Dialing");
    assert_eq!(statuses(&mut client).await, "Ringing");
    own.caller_answers();
    assert_eq!(statuses(&mut client).await, "Dialing");
    own.callee_answers();
    assert_eq!(statuses(&mut client).await, "Talking");
    let terminate = json!({"code": code, "action": "terminate", "phone": "SIP31", "format": "json"});
    assert_eq!(post(&exchange, CLICK, terminate.clone()).await["ERRORCODE"], 0);
    assert!(!own.is_live());
    assert_ne!(post(&exchange, CLICK, terminate).await["ERRORCODE"], 0, "nothing is active any more");

    exchange.office().set_line("31", Line::Offline, Presence::Offline);
    assert_eq!(post(&exchange, CLICK, body.clone()).await["ERRORCODE"], 3);
    for (field, value) in [("target", "+4922166966966"), ("target", ""), ("phone", "SIP99"), ("action", "sing")] {
        let mut body = body.clone();
        body[field] = json!(value);
        assert_eq!(post(&exchange, CLICK, body).await["ERRORCODE"], 1, "{field} {value}");
    }
    let mut body = body;
    body.as_object_mut().unwrap().remove("format");
    body["phone"] = json!("SIP32");
    let request = client_post(&exchange, &body).await;
    assert!(request.contains("<name>CALLID</name><value><string>"), "{request}");
}

async fn client_post(exchange: &Exchange, body: &Value) -> String {
    let request = client().post(format!("{}{CLICK}", exchange.voicenter_url()));
    let answer = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    answer.text().await.unwrap()
}

#[tokio::test]
async fn what_has_happened_stands_in_the_call_log() {
    for case in [KeyCase::Pascal, KeyCase::Lower] {
        let exchange = with(VoicenterOptions { log_case: case, ..VoicenterOptions::default() }).await;
        let answered = exchange.ring(RingSpec::to("31").from("4922166966966"));
        answered.answer("31");
        answered.hang_up();
        exchange.ring(RingSpec::to("32")).time_out();
        let body = json!({"code": exchange.voicenter().code(), "fields": [],
            "search": {"fromdate": "2020-01-01T00:00:00", "todate": "2099-01-01T00:00:00"}});
        let answer = post(&exchange, LOG, body).await;
        assert_eq!((&answer["TOTAL_HITS"], &answer["RETURN_HITS"]), (&json!(2), &json!(2)));
        let (id, status) = match case {
            KeyCase::Pascal => ("CallID", "DialStatus"),
            KeyCase::Lower => ("callid", "dialstatus"),
        };
        let list = answer["CDR_LIST"].as_array().unwrap();
        assert!(list.iter().any(|it| it[id] == answered.id().to_string() && it[status] == "ANSWER"), "{list:?}");
        assert!(list.iter().any(|it| it[status] == "NOANSWER"));
    }
}

#[tokio::test]
async fn the_call_log_has_its_limits() {
    let options = VoicenterOptions { log_most: 2, log_per_minute: 4, ..VoicenterOptions::default() };
    let exchange = with(options).await;
    let record = |n: i64| PastRecord {
        call: format!("past-{n}"),
        kind: 1,
        status: "ANSWER".into(),
        caller: "0501234567".into(),
        target: "0722000000".into(),
        did: "0722000000".into(),
        caller_extension: String::new(),
        target_extension: "SIP31".into(),
        at: jiff_second(1_770_000_000 + n),
        duration: 60,
        ring: 5,
    };
    exchange.voicenter().add_past_calls((0..3).map(record));
    let ask = |code: &str, from: &str, until: &str| json!({"code": code, "fields": [], "search": {"fromdate": from, "todate": until}});
    let code = exchange.voicenter().code();
    let answer = post(&exchange, LOG, ask(&code, "2026-01-01T00:00:00", "2026-12-31T00:00:00")).await;
    assert_eq!((&answer["TOTAL_HITS"], &answer["RETURN_HITS"]), (&json!(3), &json!(2)));
    for (code, from, error) in [("WRONGBUTFORMED", "2026-01-01T00:00:00", 2), (code.as_str(), "yesterday", 5)] {
        assert_eq!(post(&exchange, LOG, ask(code, from, "2026-12-31T00:00:00")).await["ERROR_NUMBER"], error);
    }
    post(&exchange, LOG, ask(&code, "2026-01-01T00:00:00", "2026-01-01T00:00:00")).await;
    let limited = post(&exchange, LOG, ask(&code, "2026-01-01T00:00:00", "2026-01-01T00:00:00")).await;
    assert_eq!(limited["ERROR_NUMBER"], 1);
}

fn jiff_second(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(second).unwrap()
}

#[tokio::test]
async fn users_are_logged_out_and_sent_to_lunch() {
    let exchange = quiet().await;
    let code = exchange.voicenter().code();
    let entry = post(&exchange, CALLS, json!({"code": code, "extension": "SIP31"})).await["EXTENSIONS"][0].clone();
    let user = entry["userID"].to_string();
    let set = |user: &str, extension: &str, status: u8| json!({"Code": code, "UserId": user, "ExtensionUser": extension, "Status": status});
    const SET: &str = "/UserLogin/SetStatusFromAPI";
    assert_eq!(post(&exchange, SET, set(&user, "SIP31", 12)).await["StatusErroMessage"], "OK");
    assert_eq!(exchange.voicenter().status("31"), 12);
    for (body, status) in [
        (set("1", "SIP31", 1), 2),
        (set(&user, "SIP99", 1), 3),
        (set(&user, "SIP31", 4), 4),
        (json!({"Code": code}), 0),
    ] {
        assert_eq!(post(&exchange, SET, body).await["Status"], status);
    }
}

#[tokio::test]
async fn a_load_of_extension_events_ends_in_the_models_state() {
    let exchange = quiet().await;
    let (mut client, _) = Client::ready(&exchange).await;
    let load = exchange.office().line_events_except(2_000, &["31"]);
    let mut talking = std::collections::HashMap::new();
    for _ in 0..500 {
        let event = client.event("ExtensionEvent").await;
        talking.insert(text(&event["data"]["extenUser"]), !event["data"]["calls"].as_array().unwrap().is_empty());
    }
    load.stop();
    assert!(talking.values().any(|it| *it) && !talking.contains_key("SIP31"));
}
