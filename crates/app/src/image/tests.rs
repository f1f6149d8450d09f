//! Base 64 as senders write it.

use super::*;

fn read(text: &str) -> Result<Vec<u8>, ImageRefusal> {
    from_base64(text)
}

#[test]
fn base64_is_read_as_senders_write_it() {
    for text in [
        "aGVsbG8gd29ybGQ=",
        "aGVsbG8gd29ybGQ",
        " aGVs\r\nbG8g\nd29y bGQ=\n",
        "data:image/png;base64,aGVsbG8gd29ybGQ=",
        "DATA:;BASE64,aGVsbG8gd29ybGQ=",
    ] {
        assert_eq!(read(text).as_deref(), Ok(&b"hello world"[..]), "{text}");
    }
}

#[test]
fn what_is_not_base64_is_refused() {
    for text in [
        "aGVsbG8*",
        "aGVsbG8gd29ybGQ_",
        "a",
        "====",
        "data:image/png,aGVs",
        "data:image/png;base64",
        "Grüße",
        &"A".repeat(MAX_TEXT + 1),
        &format!("data:{};base64,aGVs", "x".repeat(200)),
    ] {
        assert_eq!(read(text), Err(UNREADABLE), "{}", text.len());
    }
}

#[test]
fn nothing_is_missing_and_too_much_is_refused() {
    let missing = Err(refused(ImagePart::Content, Rule::Missing));
    for source in [
        ImageSource::Base64(String::new()),
        ImageSource::Base64(" \r\n".to_owned()),
        ImageSource::Base64("data:;base64,".to_owned()),
        ImageSource::Bytes(Vec::new()),
    ] {
        assert_eq!(bytes_of(source), missing);
    }
    let long = ImageSource::Bytes(vec![0; MAX_BYTES + 1]);
    assert_eq!(bytes_of(long), Err(UNREADABLE));
}
