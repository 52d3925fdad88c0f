package miptest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/openmip/openmip/mip"
)

func keepsNotes(ctx context.Context, s mip.Store) error {
	var found breaches
	found.kind(s.Note(ctx, "k", "", "a"), mip.ErrNotFound, "write about an unknown key")
	_, err := s.Reservation(ctx, "k")
	found.kind(err, mip.ErrNotFound, "read an unknown key")
	found.kind(s.Release(ctx, "late", start), nil, "release an unknown key")
	found.kind(s.Note(ctx, "late", "", "a"), mip.ErrNotFound, "write about a key that was released before it was known")
	_, err = s.Reservation(ctx, "late")
	found.kind(err, mip.ErrNotFound, "read a key that was released before it was known")

	r := setAside("k", 10_00)
	r.Note = "not looked at"
	found.kind(s.Reserve(ctx, r, funds(100_00, start)), nil, "reserve")
	says := func(want string, state mip.ReservationState) {
		r, err := s.Reservation(ctx, "k")
		found.that(err == nil && r.Note == want && r.State == state && r.Key == "k" && r.Account == "a" && r.Ref == shopRef(1) && r.Amount.Equal(mip.EUR(10_00)),
			"want the reservation, %s, saying %q, got %s saying %q, %v", state, want, show([]mip.Reservation{r}), r.Note, err)
	}
	says("", mip.ReservationOpen)
	found.kind(s.Note(ctx, "k", "", `{"id":"é"}`), nil, "write")
	found.kind(s.Note(ctx, "k", "", "b"), mip.ErrConflict, "write over what was not seen")
	found.kind(s.Note(ctx, "k", "b", "c"), mip.ErrConflict, "write over something else")
	says(`{"id":"é"}`, mip.ReservationOpen)
	found.kind(s.Reserve(ctx, setAside("k", 10_00), funds(100_00, start)), nil, "reserve again")
	says(`{"id":"é"}`, mip.ReservationOpen)
	found.kind(s.Settle(ctx, "k", mip.EUR(9_00), minute(1)), nil, "settle")
	says(`{"id":"é"}`, mip.ReservationSettled)
	long := strings.Repeat("x", 4096)
	found.kind(s.Note(ctx, "k", `{"id":"é"}`, long), nil, "write 4,096 bytes about a settled one")
	found.kind(s.Note(ctx, "k", long, long+"x"), mip.ErrInvalid, "write one byte more")
	says(long, mip.ReservationSettled)
	rs, err := s.Reservations(ctx, "a", start)
	found.that(err == nil && len(rs) == 1 && rs[0].Note == long, "the list shows notes too, %v", err)

	won, lost := tally(together(16, func(i int) error { return s.Note(ctx, "k", long, fmt.Sprint(i)) }))
	found.that(won == 1 && lost[mip.ErrConflict] == 15, "of 16 who write at once one wins: got %d and %v", won, lost)
	return errors.Join(found...)
}
