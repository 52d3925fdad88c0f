package channeltest

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Check is one rule that every channel keeps.
type Check struct {
	Name string // what holds, as a sentence
	Why  string // the rule and what goes wrong without it
	run  func(*probe) error
}

// Checks returns the suite in the order in which [Test] runs it.
func Checks() []Check {
	return slices.Concat(readChecks(), lineChecks(), pageChecks(), cursorChecks(), clockChecks(), backChecks(), oddChecks(), goneChecks(), demandChecks(),
		reportChecks(), parcelChecks(), settleChecks(), onceChecks(), waitChecks(), faultChecks(), statusChecks(), abilityChecks(), newsChecks(), driftChecks(), guardChecks(), hookChecks())
}

// Test runs every check as a subtest, each in a synctest bubble with a world
// of its own, so that waits cost no time. A failure says what was seen and
// which rule it breaks. With -short it leaves out the few that take as long as
// all others: they do one thing after the other, many times.
func Test(t *testing.T, open Opener) {
	t.Helper()
	for _, c := range Checks() {
		t.Run(c.Name, func(t *testing.T) {
			if testing.Short() && slices.Contains(long, c.Name) {
				t.Skip("short: this one takes long")
			}
			err := c.Try(t, open)
			if errors.Is(err, ErrNotConcerned) {
				t.Skip(err)
			}
			if err != nil {
				t.Errorf("%v\n\nThe rule: %s", err, c.Why)
			}
		})
	}
}

// long are the checks that -short leaves out.
var long = []string{
	"a clock that is set back loses nothing",
	"a wrong date in one answer loses nothing",
	"a strange answer on a later page is an error, not the end",
	"whatever status refuses a write, repeating settles it",
	"an answer that breaks off is no answer",
	"a report into a failing shop is settled by repeating",
	"continuing among orders of one second loses nothing",
	"continuing from any cursor loses nothing",
	"no order is lost when the clocks change",
}

// ErrNotConcerned is what a check returns that does not apply: the channel has
// no such ability, or the platform cannot do such a thing.
var ErrNotConcerned = errors.New("not concerned")

// Try runs the check once in a bubble under t and returns what is wrong, nil
// if nothing. t itself does not fail by it.
func (c Check) Try(t *testing.T, open Opener) (err error) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil { // the bubble's own complaint
			err = stuck(fmt.Sprint(r))
		}
	}()
	synctest.Test(t, func(t *testing.T) { err = c.try(t, open) })
	return err
}

// try runs inside the bubble; a panic there is a finding like any other.
func (c Check) try(t *testing.T, open Opener) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	logs := &recorder{}
	w, err := open(Setup{Logger: logs.logger()})
	if err != nil {
		return fmt.Errorf("the world does not open: %w", err)
	}
	if w.Channel == nil || w.Shop == nil || w.Net == nil {
		return errors.New("the world lacks a Channel, a Shop or a Net")
	}
	w.Many, w.Unknown = cmp.Or(w.Many, 250), cmp.Or(w.Unknown, "987654321")
	if n, ok := w.Net.(interface{ bound() }); ok {
		n.bound()
	}
	err = c.run(&probe{World: w, ctx: t.Context(), logs: logs})
	w.Net.Fail()
	time.Sleep(time.Hour) // what ends by itself is not left behind
	return err
}

// stuck says in words what the bubble reported.
func stuck(deadlock string) error {
	if strings.Contains(deadlock, "main bubble goroutine has exited") {
		return errors.New("goroutines are left behind, waiting for something that never comes")
	}
	if strings.Contains(deadlock, "deadlock") {
		return fmt.Errorf("the channel hangs for ever, or makes more than %d requests", maxRequests)
	}
	panic(deadlock)
}

// skip is the reason why a check does not apply.
type skip string

func (s skip) Error() string { return string(s) }

func (skip) Is(target error) bool { return target == ErrNotConcerned }
