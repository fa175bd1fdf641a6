module pinion.dev/bench/peer

go 1.21
