//! The values of a PDF (ISO 32000-1 7.3), read from bytes that anybody may have made.

use std::ops::Range;

const MAX_DEPTH: usize = 32;
const MAX_ITEMS: usize = 100_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// As it is written: no number that matters here has a fraction.
    Real(String),
    Name(String),
    Text(Vec<u8>),
    Array(Vec<Spanned>),
    Dict(Vec<(String, Spanned)>),
    Ref(u32),
}

/// A value with the bytes of the file that it is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned {
    pub value: Value,
    pub span: Range<usize>,
}

impl Spanned {
    pub fn get(&self, key: &str) -> Option<&Spanned> {
        match &self.value {
            Value::Dict(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    pub fn name(&self, key: &str) -> Option<&str> {
        match &self.get(key)?.value {
            Value::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self.value {
            Value::Int(n) => Some(n),
            _ => None,
        }
    }

    pub fn array(&self) -> Option<&[Spanned]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.value {
            Value::Text(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A text string: UTF-16 with its mark, else taken as Latin letters.
    pub fn text(&self) -> Option<String> {
        let bytes = self.bytes()?;
        match bytes.strip_prefix(&[0xFE, 0xFF]) {
            Some(utf16) => {
                let units: Vec<u16> = utf16.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
                String::from_utf16(&units).ok()
            }
            None => Some(bytes.iter().map(|b| char::from(*b)).collect()),
        }
    }
}

pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    pub at: usize,
    items: usize,
}

fn is_space(b: u8) -> bool {
    matches!(b, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(b: u8) -> bool {
    matches!(b, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Lexer<'a> {
        Lexer { bytes, at, items: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub fn space(&mut self) {
        while let Some(b) = self.peek() {
            if is_space(b) {
                self.at += 1;
            } else if b == b'%' {
                while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
                    self.at += 1;
                }
            } else {
                break;
            }
        }
    }

    /// Takes a keyword, if it comes next.
    pub fn keyword(&mut self, word: &str) -> Option<()> {
        self.space();
        let rest = self.rest().strip_prefix(word.as_bytes())?;
        if rest.first().is_some_and(|b| !is_space(*b) && !is_delimiter(*b)) {
            return None;
        }
        self.at += word.len();
        Some(())
    }

    pub fn number(&mut self) -> Option<u64> {
        self.space();
        let digits = self.rest().iter().take_while(|b| b.is_ascii_digit()).count();
        let text = std::str::from_utf8(&self.rest()[..digits]).ok()?;
        let number = text.parse().ok()?;
        self.at += digits;
        Some(number)
    }

    pub fn value(&mut self) -> Option<Spanned> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Option<Spanned> {
        self.items += 1;
        if depth > MAX_DEPTH || self.items > MAX_ITEMS {
            return None;
        }
        self.space();
        let start = self.at;
        let value = match self.peek()? {
            b'/' => Value::Name(self.name()?),
            b'(' => Value::Text(self.literal()?),
            b'<' if self.rest().starts_with(b"<<") => {
                self.at += 2;
                let mut entries = Vec::new();
                loop {
                    self.space();
                    if self.rest().starts_with(b">>") {
                        self.at += 2;
                        break;
                    }
                    let key = self.name()?;
                    // A key twice could mean one thing here and another there.
                    if entries.iter().any(|(k, _)| *k == key) {
                        return None;
                    }
                    entries.push((key, self.nested(depth + 1)?));
                }
                Value::Dict(entries)
            }
            b'<' => Value::Text(self.hexadecimal()?),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.space();
                    if self.peek()? == b']' {
                        self.at += 1;
                        break;
                    }
                    items.push(self.nested(depth + 1)?);
                }
                Value::Array(items)
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.numeric()?,
            _ if self.keyword("true").is_some() => Value::Bool(true),
            _ if self.keyword("false").is_some() => Value::Bool(false),
            _ if self.keyword("null").is_some() => Value::Null,
            _ => return None,
        };
        Some(Spanned { value, span: start..self.at })
    }

    fn numeric(&mut self) -> Option<Value> {
        let length = self.rest().iter().take_while(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.')).count();
        let text = std::str::from_utf8(&self.rest()[..length]).ok()?;
        self.at += length;
        let Ok(number) = text.parse::<i64>() else { return Some(Value::Real(text.to_owned())) };
        // `12 0 R`?
        let back = self.at;
        if let Ok(of) = u32::try_from(number)
            && self.number().is_some()
            && self.keyword("R").is_some()
        {
            return Some(Value::Ref(of));
        }
        self.at = back;
        Some(Value::Int(number))
    }

    fn name(&mut self) -> Option<String> {
        if self.peek()? != b'/' {
            return None;
        }
        self.at += 1;
        let length = self.rest().iter().take_while(|b| !is_space(**b) && !is_delimiter(**b)).count();
        let raw = &self.rest()[..length];
        self.at += length;
        let mut out = Vec::with_capacity(length);
        let mut i = 0;
        while i < raw.len() {
            if raw[i] == b'#' {
                let pair = std::str::from_utf8(raw.get(i + 1..i + 3)?).ok()?;
                out.push(u8::from_str_radix(pair, 16).ok()?);
                i += 3;
            } else {
                out.push(raw[i]);
                i += 1;
            }
        }
        Some(String::from_utf8_lossy(&out).into_owned())
    }

    fn hexadecimal(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let length = self.rest().iter().position(|b| *b == b'>')?;
        let digits: Vec<u8> = self.rest()[..length].iter().copied().filter(|b| !is_space(*b)).collect();
        self.at += length + 1;
        let mut digits = digits;
        if digits.len() % 2 == 1 {
            digits.push(b'0');
        }
        hex::decode(digits).ok()
    }

    fn literal(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let mut out = Vec::new();
        let mut open = 1;
        loop {
            let b = self.peek()?;
            self.at += 1;
            match b {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Some(out);
                    }
                }
                b'\\' => {
                    let escaped = self.peek()?;
                    self.at += 1;
                    match escaped {
                        b'n' => out.push(b'\n'),
                        b'r' => out.push(b'\r'),
                        b't' => out.push(b'\t'),
                        b'b' => out.push(8),
                        b'f' => out.push(12),
                        b'\r' => {
                            if self.peek() == Some(b'\n') {
                                self.at += 1;
                            }
                        }
                        b'\n' => {}
                        b'0'..=b'7' => {
                            let mut code = u32::from(escaped - b'0');
                            for _ in 0..2 {
                                if let Some(d @ b'0'..=b'7') = self.peek() {
                                    code = code * 8 + u32::from(d - b'0');
                                    self.at += 1;
                                }
                            }
                            out.push((code & 0xFF) as u8);
                        }
                        other => out.push(other),
                    }
                    continue;
                }
                _ => {}
            }
            out.push(b);
        }
    }
}
