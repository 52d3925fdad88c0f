//go:build ignore

// The planter copies the repository, plants one bug, runs the tests that
// should find it, takes it out again, and goes on. A bug that no test finds, a
// text that no longer stands in the code, or one that does not compile is a
// failure.
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// bug is one mistake: in File, Old becomes New. Old must stand there exactly
// once. Packages are the tests that should notice, separated by spaces.
type bug struct {
	Name, File, Old, New, Packages string
}

const table = "mip/miptest/BUGS.md"

func main() {
	only := flag.String("run", "", "plant only bugs whose name or file contains this")
	part := flag.String("part", "1/1", "plant only part k of n, such as 2/5; the texts of all are looked for")
	update := flag.Bool("update", false, "rewrite the rows of what was planted in "+table)
	flag.Parse()
	var k, n int
	if _, err := fmt.Sscanf(*part, "%d/%d", &k, &n); err != nil || k < 1 || k > n {
		fmt.Fprintln(os.Stderr, "bugs: -part wants k/n")
		os.Exit(2)
	}
	if err := errors.Join(stand(), run(*only, k, n, *update)); err != nil {
		fmt.Fprintln(os.Stderr, "bugs:", err)
		os.Exit(1)
	}
}

// stand makes sure that the text of every bug stands where it should.
func stand() error {
	var all []error
	for _, b := range bugs {
		sound, err := os.ReadFile(b.File)
		if err != nil {
			all = append(all, err)
		} else if c := bytes.Count(sound, []byte(b.Old)); c != 1 {
			all = append(all, fmt.Errorf("%s: the text stands %d times in %s", b.Name, c, b.File))
		}
	}
	fmt.Printf("bugs: the texts of %d were looked for\n", len(bugs))
	return errors.Join(all...)
}

func run(only string, k, n int, update bool) error {
	var chosen []bug
	for _, b := range bugs {
		if strings.Contains(b.Name+" "+b.File, only) {
			chosen = append(chosen, b)
		}
	}
	var share []bug
	for i, b := range chosen {
		if i%n == k-1 {
			share = append(share, b)
		}
	}
	chosen = share
	began := time.Now()
	results := make([]result, len(chosen))
	var all sync.WaitGroup
	next := make(chan int)
	for range min(workers, len(chosen)) {
		dir, err := os.MkdirTemp("", "bugs")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := copyTree(dir); err != nil {
			return err
		}
		all.Go(func() {
			for i := range next {
				found, err := plant(dir, chosen[i])
				results[i] = result{found, err}
				fmt.Println(results[i].line(chosen[i]))
			}
		})
	}
	for i := range chosen {
		next <- i
	}
	close(next)
	all.Wait()
	return report(chosen, results, time.Since(began), update)
}

// workers is how many bugs are planted at a time, each in a copy of its own.
const workers = 2

type result struct {
	found string // the test that failed; empty = none did
	err   error  // the bug could not be planted
}

func (r result) line(b bug) string {
	switch {
	case r.err != nil:
		return fmt.Sprintf("BROKEN   %s: %v", b.Name, r.err)
	case r.found == "":
		return fmt.Sprintf("SURVIVED %s (%s)", b.Name, b.File)
	}
	return fmt.Sprintf("found    %s: %s", b.Name, r.found)
}

func report(chosen []bug, results []result, took time.Duration, update bool) error {
	survivors, rows := 0, map[string]string{}
	for i, r := range results {
		if r.found == "" {
			survivors++
			continue
		}
		rows[chosen[i].Name] = fmt.Sprintf("| %s | `%s` | `%s` |", chosen[i].Name, chosen[i].File, r.found)
	}
	fmt.Printf("bugs: %d planted, %d found, in %d s\n", len(chosen), len(chosen)-survivors, int(took.Seconds()))
	if update {
		if err := write(rows); err != nil {
			return err
		}
	}
	if survivors > 0 || len(chosen) == 0 {
		return errors.New("the tests do not find every bug")
	}
	return nil
}

// plant returns the name of the first test that failed, empty if none did.
func plant(dir string, b bug) (string, error) {
	path := filepath.Join(dir, b.File)
	sound, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if c := bytes.Count(sound, []byte(b.Old)); c != 1 {
		return "", fmt.Errorf("the text stands %d times in %s", c, b.File)
	}
	if err := os.WriteFile(path, bytes.Replace(sound, []byte(b.Old), []byte(b.New), 1), 0o600); err != nil {
		return "", err
	}
	defer func() { _ = os.WriteFile(path, sound, 0o600) }()
	if out, err := command(dir, "go", "build", "./"+filepath.Dir(b.File)); err != nil {
		return "", fmt.Errorf("it does not compile: %s", out)
	}
	out, err := []byte(nil), error(nil)
	if hint := hints()[b.Name]; hint != "" { // what found it last time is quickest
		out, err = test(dir, b, "-run", "^"+hint+"$")
	}
	if err == nil {
		out, err = test(dir, b)
	}
	if err == nil {
		return "", nil
	}
	if bytes.Contains(out, []byte("[build failed]")) || bytes.Contains(out, []byte("[setup failed]")) {
		return "", fmt.Errorf("the tests do not compile: %s", out)
	}
	return firstFailure(out)
}

// patience is for one run of the tests of a bug.
const patience = 4 * time.Minute

func test(dir string, b bug, flags ...string) ([]byte, error) {
	args := append([]string{"test", "-count=1", "-failfast", "-timeout=" + patience.String()}, flags...)
	return command(dir, "go", append(args, strings.Fields(b.Packages)...)...)
}

var row = regexp.MustCompile("(?m)^\\| (.+) \\| `[^`]+` \\| `(Test\\w+)")

// hints reads from the table which test found which bug.
var hints = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	text, _ := os.ReadFile(table) // none yet: no hints
	for _, m := range row.FindAllSubmatch(text, -1) {
		out[string(m[1])] = string(m[2])
	}
	return out
})

var failure = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// endless is a test that was still running when the time was over, and for how
// long it had been.
var endless = regexp.MustCompile(`(?m)^\s+(Test\S+) \((\d+m\S*)\)$`)

// firstFailure prefers the most precise name: the deepest subtest. That the
// time was over proves something only of a test that took most of it.
func firstFailure(out []byte) (string, error) {
	best := ""
	for _, m := range failure.FindAllSubmatch(out, -1) {
		if name := string(m[1]); best == "" || strings.HasPrefix(name, best+"/") {
			best = name
		}
	}
	best = strings.ReplaceAll(best, "_", " ")
	if best != "" || !bytes.Contains(out, []byte("panic: test timed out")) {
		return cmp.Or(best, "the run as a whole (panic)"), nil
	}
	if m := endless.FindSubmatch(out); m != nil {
		if took, err := time.ParseDuration(string(m[2])); err == nil && took > patience/2 {
			return strings.ReplaceAll(string(m[1]), "_", " ") + " (never ends)", nil
		}
	}
	return "", fmt.Errorf("the tests were not done after %s", patience)
}

func copyTree(dir string) error {
	list, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return err
	}
	for _, f := range strings.Fields(string(list)) {
		b, err := os.ReadFile(f)
		if errors.Is(err, os.ErrNotExist) {
			continue // deleted, not committed yet
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(f)), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, f), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func command(dir, name string, args ...string) ([]byte, error) {
	c := exec.Command(name, args...)
	c.Dir = dir
	return c.CombinedOutput()
}

// write writes what was found now, and for every bug that was not planted now
// what found it last time.
func write(rows map[string]string) error {
	before, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	last := map[string]string{}
	for line := range strings.Lines(string(before)) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | `"); ok {
			last[name] = strings.TrimSuffix(line, "\n")
		}
	}
	var lines []string
	for _, b := range bugs {
		if line := cmp.Or(rows[b.Name], last[b.Name]); line != "" {
			lines = append(lines, line)
		}
	}
	text := "# Planted bugs and the tests that find them\n\n" +
		"`bash .ci/bugs` plants each of these in a copy of the repository and fails if no test notices; `-update` rewrites the rows " +
		"of what was planted.\n\n| bug | file | found by |\n|---|---|---|\n" + strings.Join(lines, "\n") + "\n"
	return os.WriteFile(table, []byte(text), 0o644)
}
