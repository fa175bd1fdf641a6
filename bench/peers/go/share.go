package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"time"
)

// share is dev.pinion.bench.program.Share: how much of its usual length a measurement has.
var share = parseShare(os.Getenv("BENCH_SHARE"))

func parseShare(value string) float64 {
	if value == "" {
		return 1
	}
	parsed, err := strconv.ParseFloat(value, 64)
	if err != nil || parsed <= 0 || parsed > 1 {
		fmt.Fprintln(os.Stderr, "BENCH_SHARE is above 0 and at most 1, not", value)
		os.Exit(1)
	}
	return parsed
}

func shareOfTime(d time.Duration) time.Duration { return time.Duration(math.Round(float64(d) * share)) }

// shareOfCount is so many that they tell something.
func shareOfCount(count int) int {
	return max(min(count, 50), int(math.Round(float64(count)*share)))
}
