package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// bench runs the rows' benchmarks, one after the other, each in a process of
// its own.
type bench struct {
	root      string
	count     int
	benchtime string
	short     bool
	progress  io.Writer

	cpu string // as the benchmarks call it
}

// repository returns the folder of the module that the command runs in.
func repository(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/openmip/openmip").Output()
	if err != nil {
		return "", fmt.Errorf("run it inside the repository: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// measure fills the rows in and returns how many have an error. Its own error
// is that it was stopped.
func (b *bench) measure(ctx context.Context, areas []area) (failed int, err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	programs := map[string]string{} // by package
	for _, a := range areas {
		for i := range a.rows {
			r := &a.rows[i]
			if r.needs != "" && !installed(r.needs) {
				continue
			}
			program := programs[r.in]
			if program == "" {
				program = filepath.Join(dir, "p"+strconv.Itoa(len(programs))+".exe")
				r.err = b.build(ctx, r.in, program)
				if r.err == nil {
					programs[r.in] = program
				}
			}
			if r.err == nil {
				fmt.Fprintf(b.progress, "%s %s\n", r.in, r.bench)
				r.got, r.err = b.one(ctx, program, *r)
			}
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			if r.err != nil {
				fmt.Fprintf(b.progress, "%s %s: %v\n", r.in, r.bench, r.err)
				failed++
			}
		}
	}
	return failed, nil
}

// build compiles the tests of a package, in the package's own module.
func (b *bench) build(ctx context.Context, in, program string) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, ".")
	cmd.Dir = filepath.Join(b.root, filepath.FromSlash(in))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("does not compile: %w\n%s", err, out)
	}
	return nil
}

func (b *bench) one(ctx context.Context, program string, r row) (values, error) {
	cmd := exec.CommandContext(ctx, program, "-test.run=^$", "-test.bench="+exactly(r.bench), "-test.benchmem",
		"-test.benchtime="+b.benchtime, "-test.count="+strconv.Itoa(b.count), "-test.short="+strconv.FormatBool(b.short),
		"-test.timeout=30m")
	cmd.Dir = filepath.Join(b.root, filepath.FromSlash(r.in))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	runs, cpu := parse(string(out), runtime.GOMAXPROCS(0))
	if cpu != "" {
		b.cpu = cpu
	}
	if len(runs[r.bench]) == 0 {
		return nil, fmt.Errorf("there is no %s, or it was skipped", r.bench)
	}
	got := merge(runs[r.bench])
	for _, unit := range r.units() {
		if _, ok := got[unit]; !ok {
			return nil, errors.New("it does not report " + unit)
		}
	}
	return got, nil
}

// exactly is the pattern that matches this benchmark alone.
func exactly(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + p + "$"
	}
	return strings.Join(parts, "/")
}

// units are what the row must have reported.
func (r row) units() []string {
	var out []string
	for _, g := range r.goals {
		out = append(out, g.unit)
	}
	return append(out, r.shows...)
}
