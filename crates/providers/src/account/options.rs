//! Reads `[accounts.options]`: every mistake is named with its key.

use std::time::Duration;

use ringside_telephony::ProviderError;
use serde_json::{Map, Value};

/// Takes options one by one; [`Self::finish`] refuses those nobody took.
pub struct OptionReader<'a> {
    options: &'a Map<String, Value>,
    known: Vec<&'static str>,
}

impl<'a> OptionReader<'a> {
    pub fn new(options: &'a Map<String, Value>) -> Self {
        Self { options, known: Vec::new() }
    }

    pub fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.options.get(key).filter(|value| !value.is_null())
    }

    /// # Errors
    /// [`ProviderError::Configuration`], as all of these, where the value is of another kind.
    pub fn text(&mut self, key: &'static str) -> Result<Option<&'a str>, ProviderError> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(key, "a text")),
        }
    }

    /// # Errors
    /// See [`Self::text`].
    pub fn flag(&mut self, key: &'static str, otherwise: bool) -> Result<bool, ProviderError> {
        match self.value(key) {
            None => Ok(otherwise),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(wrong(key, "true or false")),
        }
    }

    /// Seconds, whole or not, up to a day.
    ///
    /// # Errors
    /// See [`Self::text`].
    pub fn seconds(&mut self, key: &'static str) -> Result<Option<Duration>, ProviderError> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let seconds = value.as_f64().filter(|seconds| (0.001..=86_400.0).contains(seconds));
        seconds.map(|seconds| Some(Duration::from_secs_f64(seconds))).ok_or_else(|| wrong(key, "a number of seconds"))
    }

    /// # Errors
    /// [`ProviderError::Configuration`] for a key that no option has: a typing mistake would else go unnoticed.
    pub fn finish(self) -> Result<(), ProviderError> {
        match self.options.keys().find(|key| !self.known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(ProviderError::Configuration {
                detail: format!("there is no option `{key}`; there are {}", self.known.join(", ")).into(),
            }),
        }
    }
}

pub fn wrong(key: &str, wanted: &str) -> ProviderError {
    ProviderError::Configuration { detail: format!("the option `{key}` has to be {wanted}").into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn options(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else { panic!("an object") };
        map
    }

    #[test]
    fn mistakes_are_named_with_their_key() {
        let map = options(json!({"poll_seconds": "soon", "polll": 3, "on": 1}));
        let mut reader = OptionReader::new(&map);
        assert!(reader.seconds("poll_seconds").unwrap_err().to_string().contains("`poll_seconds`"));
        assert!(reader.flag("on", true).unwrap_err().to_string().contains("`on`"));
        assert!(reader.finish().unwrap_err().to_string().contains("`polll`"));
    }

    #[test]
    fn seconds_may_be_fractions_but_not_nonsense() {
        for (value, expected) in
            [(json!(0.25), Some(250)), (json!(15), Some(15_000)), (json!(-1), None), (json!(1e9), None)]
        {
            let map = options(json!({"s": value}));
            let read = OptionReader::new(&map).seconds("s").ok().flatten();
            assert_eq!(read, expected.map(Duration::from_millis), "{value}");
        }
    }
}
