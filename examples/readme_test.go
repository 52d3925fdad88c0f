// Package examples_test proves that what the README shows is what is there.
package examples_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A fenced block of the README says on the line before it where it comes from:
//
//	<!-- file: examples/quickstart/main.go -->     the whole file
//	<!-- excerpt: examples/server/main.go -->      lines of the file, in one piece
//	<!-- output: go run ./examples/quickstart -->  what the command prints
//	<!-- excerpt of: go run ./examples/hello -->   lines of it, in one piece
//
// Every block of Go must have one of them; so everything shown compiles. In
// output, durations and loopback addresses count as equal whatever they are.
type block struct {
	line       int // of the marker, or of the fence if it has none
	lang       string
	kind, from string // of the marker
	text       string
}

var marker = regexp.MustCompile(`^<!--\s*(file|excerpt|output|excerpt of):\s*(.+?)\s*-->$`)

// blocks reads the fenced blocks of a Markdown text.
func blocks(markdown string) ([]block, error) {
	var out []block
	var open *block // inside a fence
	pending := block{}
	for i, line := range strings.Split(markdown, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case open != nil && trimmed == "```":
			out = append(out, *open)
			open, pending = nil, block{}
		case open != nil:
			open.text += line + "\n"
		case strings.HasPrefix(trimmed, "```"):
			b := pending
			b.lang = strings.TrimPrefix(trimmed, "```")
			if b.line == 0 {
				b.line = i + 1
			}
			open = &b
		case pending.kind != "" && trimmed != "":
			return nil, fmt.Errorf("line %d: the marker is not followed by a fenced block", pending.line)
		default:
			if m := marker.FindStringSubmatch(trimmed); m != nil {
				pending = block{line: i + 1, kind: m[1], from: m[2]}
			} else if strings.HasPrefix(trimmed, "<!--") && strings.Contains(trimmed, "examples/") {
				return nil, fmt.Errorf("line %d: a marker that nobody understands", i+1)
			}
		}
	}
	if open != nil {
		return nil, fmt.Errorf("line %d: the block has no end", open.line)
	}
	if pending.kind != "" {
		return nil, fmt.Errorf("line %d: the marker is not followed by a fenced block", pending.line)
	}
	return out, nil
}

var (
	durations = regexp.MustCompile(`\b\d+(\.\d+)?(ns|µs|us|ms|s)\b|\b\d+(\.\d+)? (ns|µs|ms|s|seconds?)\b`)
	loopback  = regexp.MustCompile(`(127\.0\.0\.1|\[::1\]|localhost):\d+`)
)

// normal makes two runs of one program comparable.
func normal(output string) string {
	output = loopback.ReplaceAllString(durations.ReplaceAllString(output, "<time>"), "<address>")
	lines := strings.Split(strings.TrimSpace(output), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	return strings.Join(lines, "\n")
}

// within reports whether the lines of part stand in whole one after the
// other, outer indentation apart.
func within(whole, part string) bool {
	strip := func(s string) []string {
		var out []string
		for line := range strings.SplitSeq(strings.Trim(s, "\n"), "\n") {
			out = append(out, strings.TrimSpace(line))
		}
		return out
	}
	w, p := strip(whole), strip(part)
	for i := 0; i+len(p) <= len(w); i++ {
		if strings.Join(w[i:i+len(p)], "\n") == strings.Join(p, "\n") {
			return true
		}
	}
	return false
}

// verify compares one block with its source. run executes a command line of
// the form "go run ./examples/…" and returns what it prints.
func verify(b block, root string, run func(command string) (string, error)) error {
	switch b.kind {
	case "":
		if b.lang == "go" {
			return errors.New("a block of Go needs a marker that says which file it is from")
		}
		return nil
	case "file", "excerpt":
		raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(b.from)))
		if err != nil {
			return err
		}
		text := strings.ReplaceAll(string(raw), "\r\n", "\n")
		if b.kind == "excerpt" && within(text, b.text) || b.kind == "file" && strings.TrimSpace(text) == strings.TrimSpace(b.text) {
			return nil
		}
		return fmt.Errorf("differs from %s:\n%s", b.from, b.text)
	}
	if !strings.HasPrefix(b.from, "go run ./examples/") {
		return fmt.Errorf("want a command that begins with go run ./examples/, got %q", b.from)
	}
	out, err := run(b.from)
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", b.from, err, out)
	}
	got, shown := normal(out), normal(b.text)
	if b.kind == "output" && got == shown || b.kind == "excerpt of" && within(got, shown) {
		return nil
	}
	return fmt.Errorf("%s prints:\n%s\nthe README shows:\n%s", b.from, got, shown)
}

// run executes a command in the repository's root.
func run(t *testing.T) func(string) (string, error) {
	return func(command string) (string, error) {
		words := strings.Fields(command)
		cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
		cmd.Dir = ".."
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return stderr.String(), err
		}
		return string(out), nil
	}
}

func TestREADME(t *testing.T) {
	raw, err := os.ReadFile("../README.md")
	if errors.Is(err, fs.ErrNotExist) {
		t.Log("no README yet")
		return
	}
	require.NoError(t, err)
	all, err := blocks(string(raw))
	require.NoError(t, err)
	marked := 0
	for _, b := range all {
		if b.kind != "" {
			marked++
		}
		t.Run(fmt.Sprintf("line %d is true", b.line), func(t *testing.T) {
			assert.NoError(t, verify(b, "..", run(t)))
		})
	}
	assert.Positive(t, marked, "the README shows nothing that could be compared: mark its blocks as described above")
}

func TestTheREADMECheckCanFail(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "main.go"), []byte("package main\n\nfunc main() {\n\tone()\n\ttwo()\n}\n"), 0o600))
	prints := func(string) (string, error) {
		return "listening on 127.0.0.1:4711\nbought 3 orders in 12.5ms\ndone\n", nil
	}
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"the file as it is":              {"<!-- file: main.go -->\n```go\npackage main\n\nfunc main() {\n\tone()\n\ttwo()\n}\n```\n", true},
		"a file with another line":       {"<!-- file: main.go -->\n```go\npackage main\n\nfunc main() {\n\tone()\n}\n```\n", false},
		"a file that is not there":       {"<!-- file: gone.go -->\n```go\npackage main\n```\n", false},
		"lines of the file":              {"<!-- excerpt: main.go -->\n\n```go\none()\ntwo()\n```\n", true},
		"lines in another order":         {"<!-- excerpt: main.go -->\n```go\ntwo()\none()\n```\n", false},
		"Go without a marker":            {"```go\none()\n```\n", false},
		"a command line without one":     {"```sh\ngo test ./...\n```\n", true},
		"the output, with another time":  {"<!-- output: go run ./examples/x -->\n```\nlistening on 127.0.0.1:1\nbought 3 orders in 9ms\ndone\n```\n", true},
		"the output, with another count": {"<!-- output: go run ./examples/x -->\n```\nlistening on 127.0.0.1:1\nbought 4 orders in 9ms\ndone\n```\n", false},
		"the output, cut off":            {"<!-- output: go run ./examples/x -->\n```\nlistening on 127.0.0.1:1\n```\n", false},
		"lines of the output":            {"<!-- excerpt of: go run ./examples/x -->\n```\nbought 3 orders in 1s\n```\n", true},
		"the output of anything else":    {"<!-- output: rm -r . -->\n```\n```\n", false},
		"a marker without a block":       {"<!-- file: main.go -->\ntext\n", false},
		"a marker at the end":            {"<!-- file: main.go -->\n", false},
		"a marker nobody understands":    {"<!-- flie: examples/main.go -->\n```\n```\n", false},
		"a block without an end":         {"```go\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := blocks(c.text)
			for _, b := range all {
				err = errors.Join(err, verify(b, root, prints))
			}
			assert.Equal(t, c.ok, err == nil, "%v", err)
		})
	}
}
