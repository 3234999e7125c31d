//! Finds an account to give a server that refuses to run as root. Reads /etc/passwd and changes nothing.

/// Somebody that a program can run as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// Returns whether this process is root.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Returns the first of these accounts that the system has.
pub(crate) fn first_of(names: &[&str]) -> Option<Account> {
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    names.iter().find_map(|name| find(&passwd, name))
}

fn find(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name: name.to_owned(), uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_passwd() {
        let passwd = "# a comment\nroot:x:0:0:root:/root:/bin/sh\nnobody:*:-2:-2::/:/bin/false\n\
                      postgres:x:101:104:PostgreSQL:/var/lib:/bin/bash\npost:x:1\n";
        let account = |uid, gid, name: &str| Some(Account { name: name.to_owned(), uid, gid });
        for (name, expected) in [
            ("postgres", account(101, 104, "postgres")),
            ("root", account(0, 0, "root")),
            ("post", None),
            ("nobody", None),
            ("absent", None),
        ] {
            assert_eq!(find(passwd, name), expected, "{name}");
        }
    }
}
