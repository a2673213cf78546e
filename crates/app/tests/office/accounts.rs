//! Accounts at the exchange, each the lines of its `[[accounts]]` and its secret, for [`crate::rig::Rig::with_accounts`].

use ringside_exchange::Exchange;

pub type Entry = (String, String);

pub fn voice(exchange: &Exchange) -> Entry {
    let lines = format!("id = \"voice\"\nprovider = \"tenios\"\nbase_url = \"{}\"", exchange.tenios_url());
    (lines, exchange.tenios().access_key())
}

pub fn clinic(exchange: &Exchange) -> Entry {
    let lines = format!("id = \"clinic\"\nprovider = \"voicenter\"\nbase_url = \"{}\"", exchange.voicenter_url());
    (lines, exchange.voicenter().code())
}

pub fn mobile(exchange: &Exchange) -> Entry {
    let (url, fonial) = (exchange.fonial_url(), exchange.fonial());
    let username = fonial.username();
    let lines = format!("id = \"mobile\"\nprovider = \"fonial\"\nbase_url = \"{url}\"\nusername = \"{username}\"");
    (lines, fonial.password())
}

pub fn office(exchange: &Exchange) -> Entry {
    let (url, nfon) = (exchange.nfon_url(), exchange.nfon());
    let username = nfon.username();
    let lines = format!("id = \"office\"\nprovider = \"nfon\"\nbase_url = \"{url}\"\nusername = \"{username}\"");
    (lines, nfon.password())
}
