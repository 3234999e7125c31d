//! "Did you mean": the nearest of some known words.

/// The candidate that is most like `word`, if one is like enough. Case does not count.
///
/// ```
/// use revchain_core::suggest::nearest;
/// assert_eq!(nearest("down_revison", ["revision", "down_revision"]), Some("down_revision"));
/// assert_eq!(nearest("a1b2c9", ["a1b2c3", "ffffff"]), Some("a1b2c3"));
/// assert_eq!(nearest("quite different", ["a1b2c3"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    let lower = word.to_lowercase();
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let limit = best.map_or(limit, |(distance, _)| distance.saturating_sub(1));
        if candidate.len().abs_diff(lower.len()) > limit + 4 {
            continue;
        }
        let distance = distance(&lower, &candidate.to_lowercase());
        if distance <= limit {
            best = Some((distance, candidate));
            if distance == 0 {
                break;
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap neighbours) that turn one word into the other.
pub fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    let width = right.len() + 1;
    let mut table = vec![0usize; (left.len() + 1) * width];
    for row in 0..=left.len() {
        for column in 0..=right.len() {
            let at = row * width + column;
            if row == 0 || column == 0 {
                table[at] = row + column;
                continue;
            }
            let cost = usize::from(left[row - 1] != right[column - 1]);
            let mut least = (table[at - width] + 1).min(table[at - 1] + 1).min(table[at - width - 1] + cost);
            if row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1] {
                least = least.min(table[at - 2 * width - 2] + 1);
            }
            table[at] = least;
        }
    }
    table.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_neighbours_are_one_edit() {
        assert_eq!(distance("upgarde", "upgrade"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
