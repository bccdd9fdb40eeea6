//! A sort whose time grows with the list, and no faster.

/// Sorts by the first of each pair; pairs with the same one stay in the order given.
///
/// Comparing would make a list ten times as long take more than ten times the time. Byte by byte from the lowest, each
/// pass stable; bytes that are the same everywhere need none.
pub(crate) fn sort(pairs: &mut Vec<(u64, usize)>) {
    if pairs.is_sorted_by_key(|pair| pair.0) {
        return;
    }
    if pairs.len() < SMALL {
        pairs.sort_by_key(|pair| pair.0);
        return;
    }
    let used = u64::BITS - pairs.iter().fold(0, |bits, pair| bits | pair.0).leading_zeros();
    let mut counts = vec![[0_usize; 256]; used.div_ceil(8) as usize];
    for (key, _) in pairs.iter() {
        for (counts, byte) in counts.iter_mut().zip(key.to_le_bytes()) {
            counts[usize::from(byte)] += 1;
        }
    }
    let mut sorted = vec![(0, 0); pairs.len()];
    for (place, counts) in counts.iter_mut().enumerate() {
        if counts.contains(&pairs.len()) {
            continue;
        }
        let mut start = 0;
        for count in counts.iter_mut() {
            start += std::mem::replace(count, start);
        }
        for pair in pairs.iter() {
            let next = &mut counts[usize::from(pair.0.to_le_bytes()[place])];
            sorted[*next] = *pair;
            *next += 1;
        }
        std::mem::swap(pairs, &mut sorted);
    }
}

/// Shorter lists are sorted sooner by comparing.
const SMALL: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_sorted_by_key_and_equal_keys_keep_their_order() {
        for (len, distinct) in [(0, 1), (1, 1), (2, 2), (SMALL - 1, 40), (SMALL, 40), (5_000, 7), (5_000, u64::MAX)] {
            let key = |at: usize| (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) % distinct;
            let mut pairs: Vec<(u64, usize)> = (0..len).map(|at| (key(at), at)).collect();
            let mut wanted = pairs.clone();
            wanted.sort();
            sort(&mut pairs);
            assert_eq!(pairs, wanted, "{len} {distinct}");
        }
    }
}
