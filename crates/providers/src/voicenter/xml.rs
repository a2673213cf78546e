//! XML-RPC, as far as the service writes it: names and the texts of their values.

/// The members of an XML-RPC answer, in order: what stands between `<name>` and `</name>`, and the text of the value
/// behind it. Anything else in it is passed by.
pub fn members(text: &str) -> impl Iterator<Item = (String, String)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once("<name>")?;
        let (name, after) = after.split_once("</name>")?;
        let (_, value) = after.split_once("<value>")?;
        let (value, after) = value.split_once("</value>")?;
        rest = after;
        // The type of the value may stand around its text: `<string>x</string>`.
        let inner = match value.trim().strip_prefix('<') {
            Some(typed) => typed.split_once('>').map_or("", |(_, text)| text.split('<').next().unwrap_or_default()),
            None => value,
        };
        Some((name.trim().to_owned(), unescaped(inner.trim())))
    })
}

fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    plain.replace("&amp;", "&")
}
