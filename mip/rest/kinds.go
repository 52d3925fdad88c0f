package rest

import (
	"context"
	"errors"
	"net/http"

	"github.com/openmip/openmip/mip"
)

// KindOfStatus is the default reading of an HTTP status; nil for 2xx. Where
// a vendor means something else, [Config.Classify] says so.
//
// A server error or a redirect after a write is [mip.ErrUnknown], since
// nothing tells whether it was executed; after a read they are
// [mip.ErrUnavailable] and [mip.ErrContract].
func KindOfStatus(status int, write bool) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 400 && status < 500:
		return kindOfRefusal(status, write)
	case write:
		return mip.ErrUnknown
	case status >= 500 && status < 600:
		return mip.ErrUnavailable
	}
	return mip.ErrContract
}

func kindOfRefusal(status int, write bool) error {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return mip.ErrUnauthorized
	case http.StatusPaymentRequired:
		return mip.ErrUnfunded
	case http.StatusNotFound, http.StatusGone:
		return mip.ErrNotFound
	case http.StatusConflict:
		return mip.ErrConflict
	case http.StatusTooManyRequests:
		return mip.ErrThrottled
	case http.StatusRequestTimeout:
		if write {
			return mip.ErrUnknown
		}
		return mip.ErrUnavailable
	}
	return mip.ErrInvalid
}

// notUnderstood is the kind of an answer that cannot be decoded.
func notUnderstood(write bool) error {
	if write {
		return mip.ErrUnknown
	}
	return mip.ErrContract
}

// classified reports whether err wraps a kind at all; [mip.KindOf] reads
// everything else as unknown.
func classified(err error) bool {
	return mip.KindOf(err) != mip.ErrUnknown || errors.Is(err, mip.ErrUnknown)
}

// beforeSending makes an error of something that failed before the call left:
// certainly not done, whatever happened to the token request or the limiter's
// store.
func beforeSending(err error) *mip.Error {
	kind := mip.KindOf(err)
	switch kind {
	case mip.ErrUnknown, mip.ErrContract, mip.ErrNotFound, mip.ErrConflict, mip.ErrIgnored, mip.ErrIllegal:
		// The cause is kept as text only: its kind is not that of this call.
		return &mip.Error{Kind: mip.ErrUnavailable, Err: unkind{err}}
	}
	return &mip.Error{Kind: kind, RetryAfter: mip.RetryAfter(err), Err: err}
}

// unkind hides an error's kind but keeps its text and the end of a context.
type unkind struct{ err error }

func (u unkind) Error() string { return u.err.Error() }

func (u unkind) Is(target error) bool {
	return (target == context.Canceled || target == context.DeadlineExceeded) && errors.Is(u.err, target)
}
