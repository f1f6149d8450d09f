//! The key ring's file: made once, whole or not at all, readable by its owner only.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lintel_store::fault::Fault;
use serde::{Deserialize, Serialize};

use super::{KEY_ID_LEN, Key, KeyRing, SECRET_LEN, new_key};
use crate::ports::Rng;

#[derive(Serialize, Deserialize)]
struct KeyFile {
    #[serde(default)]
    key: Vec<KeyEntry>,
}

#[derive(Serialize, Deserialize)]
struct KeyEntry {
    id: String,
    secret: String,
}

impl KeyRing {
    /// Opens the ring, or makes one with a first key when there is no file yet.
    ///
    /// # Errors
    /// When the file cannot be read or made, is not a key file, or others than its owner may read
    /// it.
    pub fn open_or_create(path: &Path, rng: &dyn Rng) -> Result<Self, Fault> {
        match File::open(path) {
            Ok(file) => Self::read(file, path),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Self::create(path, rng),
            Err(e) => Err(Fault::internal("cannot open the key file").caused_by(e)),
        }
    }

    /// Opens a ring that must be there.
    ///
    /// # Errors
    /// As [`KeyRing::open_or_create`], and when there is no file.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let file = File::open(path).map_err(|e| {
            Fault::internal(format!("cannot open the key file {}", path.display())).caused_by(e)
        })?;
        Self::read(file, path)
    }

    fn read(mut file: File, path: &Path) -> Result<Self, Fault> {
        refuse_if_shared(&file, path)?;
        let mut text = String::new();
        // A ring of thousands of keys is still under a mebibyte.
        Read::by_ref(&mut file)
            .take(1 << 20)
            .read_to_string(&mut text)
            .map_err(|e| Fault::internal("cannot read the key file").caused_by(e))?;
        // The parser's message quotes the line it stumbled over, which may be a secret: left out.
        let parsed: KeyFile = toml::from_str(&text)
            .map_err(|_| Fault::internal(format!("{} is not a key file", path.display())))?;
        let keys = parsed
            .key
            .into_iter()
            .map(KeyEntry::read)
            .collect::<Option<Vec<Key>>>();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(Self { keys }),
            _ => Err(Fault::internal(format!(
                "{} holds no usable key",
                path.display()
            ))),
        }
    }

    /// Writes the file under another name first and links it into place, so that a killed process
    /// leaves either no ring or a whole one, and two processes never end up with different rings.
    fn create(path: &Path, rng: &dyn Rng) -> Result<Self, Fault> {
        let ring = Self {
            keys: vec![new_key(rng)?],
        };
        let entries = ring
            .keys
            .iter()
            .map(|k| KeyEntry {
                id: k.id.clone(),
                secret: BASE64.encode(k.secret),
            })
            .collect();
        let body = toml::to_string(&KeyFile { key: entries })
            .map_err(|e| Fault::internal("cannot write the key file").caused_by(e))?;
        let text = format!(
            "# Lintel key ring. Whoever has this file and the database can read everything.\n\
             # Back it up apart from the database. The last key is the current one.\n{body}"
        );
        let draft = path.with_extension(format!("new-{}", std::process::id()));
        let write = || -> std::io::Result<()> {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::hard_link(&draft, path)
        };
        let written = write();
        // The draft has done its work either way; what remains of it would be a second copy.
        let _ = std::fs::remove_file(&draft);
        match written {
            Ok(()) => Ok(ring),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                let file = File::open(path)
                    .map_err(|e| Fault::internal("cannot open the key file").caused_by(e))?;
                Self::read(file, path)
            }
            Err(e) => Err(Fault::internal(format!("cannot write {}", path.display())).caused_by(e)),
        }
    }
}

impl KeyEntry {
    fn read(self) -> Option<Key> {
        let secret = BASE64.decode(self.secret.as_bytes()).ok()?;
        let secret = <[u8; SECRET_LEN]>::try_from(secret.as_slice()).ok()?;
        (self.id.len() == KEY_ID_LEN && self.id.is_ascii()).then_some(Key {
            id: self.id,
            secret,
        })
    }
}

#[cfg(unix)]
fn refuse_if_shared(file: &File, path: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = file
        .metadata()
        .map_err(|e| Fault::internal("cannot look at the key file").caused_by(e))?;
    if meta.mode() & 0o077 != 0 {
        return Err(Fault::internal(format!(
            "{} may be read by others than its owner; run: chmod 600 {}",
            path.display(),
            path.display()
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_if_shared(_file: &File, _path: &Path) -> Result<(), Fault> {
    Ok(())
}
