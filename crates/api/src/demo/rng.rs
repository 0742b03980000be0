//! Chance that can be replayed: one seeded stream for each school, whole numbers only.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use uuid::Uuid;

/// A stream of chance. The same seed and stream always give the same numbers, on every machine.
pub struct Rng(ChaCha8Rng);

impl Rng {
    pub fn new(seed: u64, stream: u64) -> Rng {
        let mut chacha = ChaCha8Rng::seed_from_u64(seed);
        chacha.set_stream(stream);
        Rng(chacha)
    }

    /// 0 to `n` - 1; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).max(1) as usize) as i32
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille as usize
    }

    /// Close to a normal distribution with mean 0 and this standard deviation: the sum of four uniform numbers.
    pub fn normal(&mut self, deviation: i32) -> i32 {
        let bits = self.0.next_u64();
        let sum: i64 = (0..4).map(|part| ((bits >> (part * 16)) & 0xffff) as i64).sum();
        // Four uniform numbers of 16 bits: mean 131070, standard deviation 37837.
        ((sum - 131_070) * i64::from(deviation) / 37_837) as i32
    }

    /// An identifier in the form of UUIDv7 that shows this instant, in milliseconds since 1970: for rows whose order is their time.
    pub fn id_at(&mut self, millis: u64) -> Uuid {
        let mut bytes = [0u8; 10];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    /// One word of a list, by its weight.
    pub fn word(&mut self, words: &[(&'static str, u32)]) -> &'static str {
        let word: &&'static str = self.weighted(words);
        word
    }

    /// Picks by weight.
    pub fn weighted<'a, T>(&mut self, of: &'a [(T, u32)]) -> &'a T {
        let total: u32 = of.iter().map(|(_, weight)| weight).sum();
        let mut at = self.below(total as usize) as u32;
        for (value, weight) in of {
            if at < *weight {
                return value;
            }
            at -= weight;
        }
        &of[0].0
    }
}

/// Identifiers in the form of UUIDv7, rising, from a fixed time instead of the clock.
pub struct Ids {
    millis: u64,
    count: u64,
    rng: Rng,
}

impl Ids {
    /// `millis`: the time that the first identifier shows, in milliseconds since 1970.
    pub fn new(seed: u64, millis: u64) -> Ids {
        Ids { millis, count: 0, rng: Rng::new(seed, u64::MAX) }
    }

    pub fn make(&mut self) -> Uuid {
        // 4096 a millisecond, counted in the twelve bits that follow the time.
        let within = (self.count % 4096) as u16;
        let millis = self.millis + self.count / 4096;
        self.count += 1;
        let mut bytes = [0u8; 10];
        self.rng.0.fill_bytes(&mut bytes[2..]);
        bytes[..2].copy_from_slice(&within.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

/// Numbers that look drawn at random and never come twice: 0 to `size` - 1 in a fixed mixed order.
pub struct Codes {
    size: u64,
    step: u64,
    next: u64,
}

impl Codes {
    /// `step` has no factor in common with `size`.
    pub fn new(size: u64, step: u64, first: u64) -> Codes {
        Codes { size, step: step % size, next: first % size }
    }

    pub fn make(&mut self) -> u64 {
        self.next = (self.next + self.step) % self.size;
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = |seed, stream| {
            let mut rng = Rng::new(seed, stream);
            (0..8).map(|_| rng.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn normal_has_its_deviation() {
        let mut rng = Rng::new(1, 1);
        let drawn: Vec<i64> = (0..20_000).map(|_| i64::from(rng.normal(100))).collect();
        let mean = drawn.iter().sum::<i64>() / 20_000;
        let variance = drawn.iter().map(|x| x * x).sum::<i64>() / 20_000;
        assert!(mean.abs() <= 3, "{mean}");
        assert!((9_300..10_700).contains(&variance), "{variance}");
    }

    #[test]
    fn identifiers_rise_and_are_version_7() {
        let mut ids = Ids::new(1, 1_780_000_000_000);
        let made: Vec<Uuid> = (0..9000).map(|_| ids.make()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn codes_never_come_twice() {
        let mut codes = Codes::new(1000, 387, 5);
        let mut seen: Vec<u64> = (0..1000).map(|_| codes.make()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1000);
    }
}
