package miptest

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/mip"
)

func cursorChecks() []StoreCheck {
	return []StoreCheck{
		{"a cursor moves only from where it was", "a slow reader must not set the mark back, or ahead of what was stored", cursorMoves},
		{"one of many moves of a cursor wins", "two readers of one channel must not skip each other's page", oneMoveWins},
	}
}

func cursorMoves(ctx context.Context, s mip.Store) error {
	var found breaches
	is := func(channel string, want mip.Cursor) {
		got, err := s.Cursor(ctx, channel)
		found.that(err == nil && got == want, "cursor of %q: want %q, got %q, %v", channel, want, got, err)
	}
	is("shop", "")
	found.kind(s.SaveCursor(ctx, "shop", "1", "2"), mip.ErrConflict, "a move from a mark that was never set")
	is("shop", "")
	found.kind(s.SaveCursor(ctx, "shop", "", hostile), nil, "the first move")
	is("shop", hostile)
	is("shop2", "")
	found.kind(s.SaveCursor(ctx, "shop", "", "2"), mip.ErrConflict, "a move from the start, again")
	found.kind(s.SaveCursor(ctx, "shop", "2", "3"), mip.ErrConflict, "a move from somewhere else")
	is("shop", hostile)
	found.kind(s.SaveCursor(ctx, "shop", hostile, hostile), nil, "a move to the same place")
	found.kind(s.SaveCursor(ctx, "shop2", "", "other"), nil, "another channel's first move")
	found.kind(s.SaveCursor(ctx, "shop", hostile, ""), nil, "a move back to the start")
	is("shop", "")
	is("shop2", "other")
	found.kind(s.SaveCursor(ctx, "shop", "", "9"), nil, "a move from the start once more")
	is("shop", "9")
	return found.err()
}

func oneMoveWins(ctx context.Context, s mip.Store) error {
	var found breaches
	var old mip.Cursor
	for round := range 4 {
		won, lost := tally(together(crowd, func(i int) error {
			return s.SaveCursor(ctx, "shop", old, mip.Cursor(fmt.Sprintf("%d-%d", round, i)))
		}))
		found.that(won == 1 && lost[mip.ErrConflict] == crowd-1, "want one move and %d conflicts, got %d and %v", crowd-1, won, lost)
		var err error
		if old, err = s.Cursor(ctx, "shop"); err != nil {
			return err
		}
	}
	return found.err()
}
