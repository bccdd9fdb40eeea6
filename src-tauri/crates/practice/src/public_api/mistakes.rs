//! What clients sign by mistake, as people report it. A new mistake is a row of the table, and below it a function that says
//! what was signed then.

use serde_json::Value;

use crate::documented::endpoints::BASE;
use crate::public_api::guard::{self, SignedRequest};
use crate::record::shown::shown_path;

/// The code and the words of the first mistake whose text the signature fits.
pub(crate) fn made(request: &SignedRequest<'_>, fits: impl Fn(&[u8]) -> bool) -> Option<(&'static str, String)> {
    let sent = Sent::of(request);
    MISTAKES.iter().find_map(|(code, says, signed)| {
        let text = signed(&sent).into_iter().find(|text| fits(text))?;
        Some((*code, says.of(&sent, &text)))
    })
}

/// A code, what is said of it, and the texts that would have been signed then; none where it cannot have been made.
type Mistake = (&'static str, Says, fn(&Sent<'_>) -> Vec<Vec<u8>>);

/// In the order in which they are likely.
const MISTAKES: &[Mistake] = &[
    (
        "path-cut",
        Says::OfPath(|path| format!("signature was made over {path}, the path must start at {BASE}")),
        path_cut,
    ),
    (
        "host-signed",
        Says::This("signature was made over the whole address with its host: only the path and query are signed"),
        host_in_front,
    ),
    (
        "question-mark-missing",
        Says::This("the address ends in a bare ?, which belongs to what is signed; the signature was made without it"),
        bare_question_mark_left_out,
    ),
    ("query-missing", Says::This("signature was made without the query"), query_left_out),
    (
        "query-reordered",
        Says::This("signature was made over the query in another order than it was sent in"),
        query_sorted,
    ),
    (
        "query-recoded",
        Says::This("signature was made over the decoded query: it is signed exactly as sent"),
        query_decoded,
    ),
    ("query-recoded", Says::This("signature was made over the query without its ?"), query_without_question_mark),
    (
        "question-mark-extra",
        Says::This("signature was made with a ? at the end of the path, which was not sent"),
        question_mark_added,
    ),
    (
        "body-extra",
        Says::This("signature was made with a body that was not sent: an empty body is no body"),
        body_added,
    ),
    ("body-missing", Says::This("signature was made without the body"), body_left_out),
    (
        "form-not-as-query",
        Says::This(
            "signature was made over the form directly behind the path: a form is signed as if it were the query",
        ),
        form_behind_path,
    ),
    (
        "body-as-query",
        Says::This("signature was made with the body as a query: only a form is signed so"),
        body_as_query,
    ),
    (
        "body-rewritten",
        Says::This("signature was made over the same JSON written otherwise: it is signed byte for byte as sent"),
        json_rewritten,
    ),
    (
        "body-as-query",
        Says::This("signature was made over the JSON written as a query: a JSON body is signed raw"),
        json_as_query,
    ),
    ("newline-signed", Says::This("signature was made with a line break at the end"), line_break_behind),
    (
        "method-signed",
        Says::This("signature was made with the method in front of the path: it is not signed"),
        method_in_front,
    ),
    ("nothing-signed", Says::This("signature was made over an empty text"), nothing),
];

enum Says {
    This(&'static str),
    /// It names the path that was signed, as far as that may be shown.
    OfPath(fn(&str) -> String),
}

impl Says {
    fn of(&self, sent: &Sent<'_>, signed: &[u8]) -> String {
        match self {
            Self::This(words) => (*words).to_owned(),
            Self::OfPath(words) => {
                let path = &signed[..signed.len().saturating_sub(sent.behind_path().len())];
                words(&shown_path(&String::from_utf8_lossy(path)))
            }
        }
    }
}

/// A request, taken apart as far as the mistakes need it.
struct Sent<'r> {
    request: &'r SignedRequest<'r>,
    path: &'r str,
    query: Option<&'r str>,
    /// What should have been signed. It begins with the path.
    proper: Vec<u8>,
}

impl<'r> Sent<'r> {
    fn of(request: &'r SignedRequest<'r>) -> Self {
        let sent = request.path_and_query;
        let (path, query) = sent.split_once('?').map_or((sent, None), |(path, query)| (path, Some(query)));
        Self { request, path, query, proper: guard::string_to_sign(request) }
    }

    fn behind_path(&self) -> &[u8] {
        &self.proper[self.path.len()..]
    }

    /// A query that is more than a bare question mark.
    fn full_query(&self) -> Option<&'r str> {
        self.query.filter(|query| !query.is_empty())
    }

    fn body(&self) -> Option<&'r [u8]> {
        Some(self.request.body).filter(|body| !body.is_empty())
    }

    fn is_form(&self) -> bool {
        guard::is_form(self.request.headers)
    }

    fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.body()?).ok()
    }

    /// What is put between the address and a body that is taken for a query.
    fn joint(&self) -> &'static str {
        if self.query.is_some() { "&" } else { "?" }
    }
}

fn path_cut(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    let below_base = sent.path.strip_prefix(BASE).unwrap_or(sent.path);
    let below_version = below_base.get(1..).and_then(|rest| rest.find('/')).map(|at| &below_base[at + 1..]);
    let below_public = sent.path.strip_prefix("/public");
    [Some(below_base), below_version, below_public, sent.path.get(1..)]
        .into_iter()
        .flatten()
        .map(|path| [path.as_bytes(), sent.behind_path()].concat())
        .collect()
}

fn host_in_front(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    let own = guard::host(sent.request.headers).unwrap_or_default();
    let own = [own.to_owned(), format!("http://{own}"), format!("https://{own}")];
    HOSTS.map(str::to_owned).into_iter().chain(own).map(|host| [host.as_bytes(), &sent.proper].concat()).collect()
}

/// The service whose clients come here: its name is signed by mistake too.
const HOSTS: [&str; 2] = ["api.3commas.io", "https://api.3commas.io"];

fn bare_question_mark_left_out(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    one(sent.query.filter(|query| query.is_empty()).map(|_| [sent.path.as_bytes(), sent.request.body].concat()))
}

fn query_left_out(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    one(sent.full_query().map(|_| [sent.path.as_bytes(), sent.request.body].concat()))
}

fn query_sorted(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    one(sent.full_query().map(|query| {
        let mut pairs: Vec<_> = query.split('&').collect();
        pairs.sort_unstable();
        [sent.path, "?", &pairs.join("&")].concat().into_bytes()
    }))
}

fn query_decoded(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    one(sent.full_query().map(|query| [sent.path, "?", &percent_decoded(query)].concat().into_bytes()))
}

fn query_without_question_mark(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    one(sent.full_query().map(|query| [sent.path, query].concat().into_bytes()))
}

fn question_mark_added(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    one(sent.query.is_none().then(|| [sent.path.as_bytes(), b"?", sent.request.body].concat()))
}

fn body_added(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    if sent.body().is_some() {
        return Vec::new();
    }
    ["{}", "null", "[]", "\"\""].map(|body| [sent.request.path_and_query, body].concat().into_bytes()).to_vec()
}

fn body_left_out(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    one(sent.body().map(|_| sent.request.path_and_query.into()))
}

fn form_behind_path(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    let form = sent.body().filter(|_| sent.is_form());
    one(form.map(|form| [sent.request.path_and_query.as_bytes(), form].concat()))
}

fn body_as_query(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    let body = sent.body().filter(|_| !sent.is_form());
    one(body.map(|body| [sent.request.path_and_query.as_bytes(), sent.joint().as_bytes(), body].concat()))
}

fn json_rewritten(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    let forms = sent.json().map(|json| [json.to_string(), spaced(&json)]);
    forms.into_iter().flatten().map(|json| [sent.request.path_and_query, &json].concat().into_bytes()).collect()
}

fn json_as_query(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    let Some(Value::Object(object)) = sent.json() else { return Vec::new() };
    let pairs = object.into_iter().map(|(name, value)| match value {
        Value::String(text) => (name, text),
        other => (name, other.to_string()),
    });
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    vec![[sent.request.path_and_query, sent.joint(), &query].concat().into_bytes()]
}

fn line_break_behind(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    vec![[&sent.proper[..], b"\n"].concat()]
}

fn method_in_front(sent: &Sent<'_>) -> Vec<Vec<u8>> {
    let methods = ["GET", "POST", "PATCH", "DELETE", "PUT"];
    let written = methods.into_iter().flat_map(|method| [method.to_owned(), format!("{method} ")]);
    written.map(|method| [method.as_bytes(), &sent.proper].concat()).collect()
}

fn nothing(_: &Sent<'_>) -> Vec<Vec<u8>> {
    vec![Vec::new()]
}

fn one(text: Option<Vec<u8>>) -> Vec<Vec<u8>> {
    text.into_iter().collect()
}

fn percent_decoded(query: &str) -> String {
    let pairs = query.split('&').map(|pair| {
        let decoded: Vec<_> = form_urlencoded::parse(pair.as_bytes()).collect();
        decoded
            .iter()
            .map(|(name, value)| if pair.contains('=') { format!("{name}={value}") } else { name.to_string() })
            .collect::<String>()
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// As Python's `json.dumps` writes it.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let entries =
                object.iter().map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), spaced(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
