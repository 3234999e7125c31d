//! Servers of the test's own, which can be stopped in the middle.

/// The first of these accounts that there is, for a server that refuses to be root: user and group. `None` for who is not
/// root.
pub(crate) fn account(names: &[&str]) -> Option<(u32, u32)> {
    let id = std::process::Command::new("id").arg("-u").output().unwrap();
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
    let found = names.iter().find_map(|name| {
        passwd.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            match fields.as_slice() {
                [known, _, user, group, ..] if known == name => Some((user.parse().ok()?, group.parse().ok()?)),
                _ => None,
            }
        })
    });
    Some(found.expect("one of these accounts"))
}
