// Command bench measures OpenMIP and prints the table that the README shows.
//
//	go run ./examples/bench                    everything, several minutes on a quiet machine
//	go run ./examples/bench -run 'rules|Step'  the rows whose words or benchmark match
//	go run ./examples/bench -quick             everything once: whether it runs, not how fast
//	go run ./examples/bench -update            and write the table into README.md
//
// Each row is a benchmark beside the code it measures; the last column names
// it, so that one figure can be had with go test alone:
//
//	go test -run '^$' -bench BenchmarkStep -benchmem ./mip
//
// A ratio is always ours ÷ theirs, both measured in turns in the same run, and
// its unit is "x-" and the name of theirs: 1.25 is a quarter dearer, 0.1 ten
// times cheaper, lower is better, and a goal is the most it may be. Theirs is a
// floor (the least code that does the same work with the same durability) or a
// peer (another library that does it). Ratios survive a busy machine, absolute
// times do not. Of several runs (-count) the least counts, of rates the
// greatest, of ratios the median.
//
// A row that cannot be measured is shown with its error, and the command ends
// with exit code 1; a missed goal is shown and is no error.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	only := flags.String("run", "", "only rows whose words, package or benchmark match this regular expression")
	count := flags.Int("count", 5, "runs of each benchmark")
	benchtime := flags.String("benchtime", "1s", "how long one run lasts, as in go test")
	quick := flags.Bool("quick", false, "everything once and small: whether it runs, not how fast")
	update := flags.Bool("update", false, "write the table into README.md")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *update && (*quick || *only != "") {
		return fmt.Errorf("-update shows all rows, measured for real: leave -quick and -run away")
	}
	match, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	root, err := repository(ctx)
	if err != nil {
		return err
	}
	b := bench{root: root, count: *count, benchtime: *benchtime, progress: progress}
	if *quick {
		b.count, b.benchtime, b.short = 1, "1x", true
	}
	areas := pick(all(), match)
	if len(areas) == 0 {
		return fmt.Errorf("no row matches %q", *only)
	}
	failed, err := b.measure(ctx, areas)
	if err != nil {
		return err
	}
	text := table(areas, host(ctx, b.cpu, time.Now()))
	fmt.Fprint(out, text)
	if failed > 0 {
		return fmt.Errorf("%d rows could not be measured", failed)
	}
	if *update {
		return show(root, text)
	}
	return nil
}

// pick keeps the rows that match, in areas that have any.
func pick(areas []area, match *regexp.Regexp) []area {
	var out []area
	for _, a := range areas {
		kept := area{name: a.name}
		for _, r := range a.rows {
			if match.MatchString(strings.Join([]string{a.name, r.what, r.in, r.bench}, "\n")) {
				kept.rows = append(kept.rows, r)
			}
		}
		if len(kept.rows) > 0 {
			out = append(out, kept)
		}
	}
	return out
}
