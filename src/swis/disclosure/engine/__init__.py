"""Hidden cells, and the proof that they stay hidden: a system of numbers and sums, protected and then audited."""
