package mip

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Ref names one order for ever: the channel account it came from and the
// channel's own immutable order id. Display numbers, e-mail addresses and
// address ids are never part of it.
type Ref struct {
	Channel string `json:"channel"` // account name: 1–16 of a–z 0–9
	ID      string `json:"id"`      // the channel's order id, at most 128 bytes of UTF-8
}

// String returns "channel/id", for people and logs.
func (r Ref) String() string { return r.Channel + "/" + r.ID }

// Valid returns an [ErrInvalid] error unless both parts have their form.
func (r Ref) Valid() error {
	if err := ValidChannelName(r.Channel); err != nil {
		return err
	}
	if r.ID == "" || len(r.ID) > 128 || !utf8.ValidString(r.ID) || strings.ContainsFunc(r.ID, func(c rune) bool { return c < 0x20 || c == 0x7f }) {
		return &Error{Op: "order id", Kind: ErrInvalid, Err: fmt.Errorf("want 1–128 bytes of UTF-8 without control characters, got %d bytes", len(r.ID))}
	}
	return nil
}

// ValidChannelName returns an [ErrInvalid] error unless name is 1–16 of a–z 0–9.
func ValidChannelName(name string) error {
	if name == "" || len(name) > 16 || strings.ContainsFunc(name, func(c rune) bool { return !lowerAlnum(c) }) {
		return &Error{Op: "channel name", Kind: ErrInvalid, Err: fmt.Errorf("want 1–16 of a–z 0–9, got %q", name)}
	}
	return nil
}

// ParseRef reads what [Ref.String] wrote.
func ParseRef(s string) (Ref, error) {
	channel, id, _ := strings.Cut(s, "/")
	r := Ref{Channel: channel, ID: id}
	if err := r.Valid(); err != nil {
		return Ref{}, err
	}
	return r, nil
}

// MaxReference is the longest reference sent to a supplier, in bytes
// (BigBuy: 50, by one integrator's word; nothing public says more).
const MaxReference = 50

// Reference is what the supplier is told as the order's own reference, what a
// person types when placing the order by hand, and what a lookup searches for.
//
// It is a pure function of its arguments, at most [MaxReference] bytes of
// a–z 0–9 and "-", and no two pairs share one. An id of lower-case letters,
// digits and single hyphens stays readable ("shop-1001", third generation
// "shop-1001--3"); any other is shortened and carries a digest of the whole
// ("shop-a1--x2f…"). Upper case counts as "any other", because nothing says
// that suppliers tell cases apart. generation counts from 1.
func Reference(r Ref, generation int) string {
	suffix := ""
	if generation > 1 {
		suffix = "--" + strconv.Itoa(generation)
	}
	room := MaxReference - len(suffix)
	if plain := r.Channel + "-" + r.ID; readable(r.ID) && len(plain) <= room {
		return plain + suffix
	}
	sum := sha256.Sum256([]byte(r.Channel + "/" + r.ID))
	digest := "--x" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
	head := r.Channel + "-" + slug(r.ID)
	if over := len(head) + len(digest) - room; over > 0 {
		head = strings.TrimRight(head[:len(head)-over], "-")
	}
	return head + digest + suffix
}

// readable reports whether id can stand in a reference as it is: no upper
// case, no "--" (it separates the parts), no hyphen at either end.
func readable(id string) bool {
	if id == "" || strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-") || strings.Contains(id, "--") {
		return false
	}
	return !strings.ContainsFunc(id, func(c rune) bool { return c != '-' && !lowerAlnum(c) })
}

// slug keeps what a person can recognise of an id.
func slug(id string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(id) {
		switch {
		case lowerAlnum(c):
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= MaxReference {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

func lowerAlnum(c rune) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
