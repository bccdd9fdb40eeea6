//! A sort whose time grows with the list, and no faster.

/// Sorts by a key; items with the same one stay in the order given.
///
/// Comparing would make a list ten times as long take more than ten times the time. Byte by byte from the lowest, each
/// pass stable; bytes that are the same everywhere need none.
pub(crate) fn sort<T: Copy>(items: &mut Vec<T>, key: impl Fn(&T) -> u64) {
    if items.is_sorted_by_key(&key) {
        return;
    }
    if items.len() < SMALL {
        items.sort_by_key(key);
        return;
    }
    let used = u64::BITS - items.iter().fold(0, |bits, item| bits | key(item)).leading_zeros();
    let mut counts = vec![[0_usize; 256]; used.div_ceil(8) as usize];
    for item in items.iter() {
        for (counts, byte) in counts.iter_mut().zip(key(item).to_le_bytes()) {
            counts[usize::from(byte)] += 1;
        }
    }
    let mut sorted = items.clone();
    for (place, counts) in counts.iter_mut().enumerate() {
        if counts.contains(&items.len()) {
            continue;
        }
        let mut start = 0;
        for count in counts.iter_mut() {
            start += std::mem::replace(count, start);
        }
        for item in items.iter() {
            let next = &mut counts[usize::from(key(item).to_le_bytes()[place])];
            sorted[*next] = *item;
            *next += 1;
        }
        std::mem::swap(items, &mut sorted);
    }
}

/// Shorter lists are sorted sooner by comparing.
const SMALL: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_sorted_by_key_and_equal_keys_keep_their_order() {
        for (len, distinct) in [(0, 1), (1, 1), (2, 2), (SMALL - 1, 40), (SMALL, 40), (5_000, 7), (5_000, u64::MAX)] {
            let key = |at: usize| (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) % distinct;
            let mut pairs: Vec<(u64, usize)> = (0..len).map(|at| (key(at), at)).collect();
            let mut wanted = pairs.clone();
            wanted.sort();
            sort(&mut pairs, |pair| pair.0);
            assert_eq!(pairs, wanted, "{len} {distinct}");
        }
    }
}
