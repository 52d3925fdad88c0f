package main

import (
	"slices"
	"strconv"
	"strings"
)

// values are what one benchmark reported, by unit.
type values map[string]float64

// parse reads what a benchmark run prints: the values of each run by the
// benchmark's name, and the processor's. procs is how many processors it ran
// on, which go test appends to the names.
func parse(output string, procs int) (runs map[string][]values, cpu string) {
	runs = map[string][]values{}
	for line := range strings.Lines(output) {
		if name, ok := strings.CutPrefix(line, "cpu: "); ok {
			cpu = strings.TrimSpace(name)
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		if _, err := strconv.Atoi(fields[1]); err != nil {
			continue
		}
		v := values{}
		for i := 2; i+1 < len(fields); i += 2 {
			if n, err := strconv.ParseFloat(fields[i], 64); err == nil {
				v[fields[i+1]] = n
			}
		}
		name := fields[0]
		if procs > 1 {
			name = strings.TrimSuffix(name, "-"+strconv.Itoa(procs))
		}
		runs[name] = append(runs[name], v)
	}
	return runs, cpu
}

// merge makes one of several runs: the median of ratios, the greatest of
// rates, and else the least, because other programs can only add.
func merge(runs []values) values {
	each := map[string][]float64{}
	for _, v := range runs {
		for unit, n := range v {
			each[unit] = append(each[unit], n)
		}
	}
	out := values{}
	for unit, ns := range each {
		slices.Sort(ns)
		switch {
		case strings.HasPrefix(unit, "x-"):
			out[unit] = (ns[(len(ns)-1)/2] + ns[len(ns)/2]) / 2
		case strings.HasSuffix(unit, "/s"):
			out[unit] = ns[len(ns)-1]
		default:
			out[unit] = ns[0]
		}
	}
	return out
}
