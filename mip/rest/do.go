package rest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
)

// Do makes the call and repeats it as far as it may be. The error is a
// [*mip.Error] of exactly one kind that names the call; see the package
// comment for what the kinds promise. A context that ends before the call
// left is [mip.ErrUnavailable], afterwards [mip.ErrUnknown] for a write; both
// match the context's error as well. One that ends between two tries leaves the
// error of the last try.
func (c *Client) Do(ctx context.Context, call Call) error {
	r, err := c.prepare(call)
	if err != nil {
		return c.failure(call, err)
	}
	began, renewed := time.Now(), false
	for try := 1; ; try++ {
		err := c.try(ctx, r, try)
		if err == nil {
			return nil
		}
		if call.Writes() && !call.Repeat {
			return err
		}
		if r.rejected && !renewed {
			renewed = true
			continue
		}
		seed := call.Name() + strconv.FormatInt(began.UnixNano(), 10)
		d := c.config.Retry.Delay(try, seed, err)
		if !mip.Repeatable(err) || c.config.Retry.Spent(try, time.Since(began)) || d > within(ctx, c.config.MaxWait) || !sleep(ctx, d) {
			return err
		}
	}
}

// try asks for a turn, sends once, and reads the answer.
func (c *Client) try(ctx context.Context, r *request, number int) error {
	r.rejected = false
	if err := c.turn(ctx, r.call); err != nil {
		return c.failure(r.call, beforeSending(err))
	}
	began := time.Now()
	answer, err := c.send(ctx, r)
	took := time.Since(began)
	if err == nil {
		c.config.Limiter.Observe(context.WithoutCancel(ctx), r.call.budget(), ReadLimits(answer, time.Now()))
		if r.call.Reply != nil {
			*r.call.Reply = answer
		}
		err = c.judge(r, answer)
	}
	if err != nil {
		err = c.failure(r.call, err)
	}
	c.seen(ctx, r.call, Try{Number: number, Status: answer.Status, Duration: took}, err)
	return err
}

// within shortens a wait to the context's deadline, so that no turn is taken
// that cannot be used.
func within(ctx context.Context, wait time.Duration) time.Duration {
	if at, ok := ctx.Deadline(); ok {
		return min(wait, time.Until(at))
	}
	return wait
}

// judge reads an answer, and notes if its credential was refused.
func (c *Client) judge(r *request, answer Response) error {
	err := c.verdict(r.call, answer)
	if mip.KindOf(err) == mip.ErrUnauthorized && c.config.Rejected != nil && r.sent != nil {
		r.rejected = c.config.Rejected(r.sent)
	}
	return err
}

// decode reads a success into the call's Out.
func (c *Client) decode(call Call, answer Response) error {
	if call.Out == nil || call.MayBeEmpty && answer.Empty() {
		return nil
	}
	if c.config.Decode != nil {
		return c.config.Decode(call, answer)
	}
	if err := answer.Decode(call.Out); err != nil {
		return unkind{fmt.Errorf("status %d: %w", answer.Status, err)}
	}
	return nil
}

// verdict says what an answer means, and decodes it if it is a success.
func (c *Client) verdict(call Call, answer Response) error {
	byStatus := KindOfStatus(answer.Status, call.Writes())
	if byStatus == mip.ErrNotFound && answer.webPage() { // a proxy's word, or a broken plugin's
		byStatus = mip.ErrUnavailable
		if call.Writes() {
			byStatus = mip.ErrUnknown
		}
	}
	cause := error(nil)
	if c.config.Classify != nil {
		cause = c.config.Classify(call, answer)
	}
	if cause == nil && byStatus == nil {
		cause = c.decode(call, answer)
	}
	if cause == nil && byStatus == nil {
		return nil
	}
	asked := RetryAfter(answer.Header, time.Now())
	if asked == 0 && answer.Status == http.StatusTooManyRequests {
		asked = ReadLimits(answer, time.Now()).Wait
	}
	switch {
	case cause == nil:
		return &mip.Error{Kind: byStatus, RetryAfter: asked, Err: fmt.Errorf("status %d", answer.Status)}
	case !classified(cause) && byStatus == nil:
		return &mip.Error{Kind: notUnderstood(call.Writes()), Err: cause}
	case !classified(cause):
		return &mip.Error{Kind: byStatus, RetryAfter: asked, Err: cause}
	}
	if own, ok := cause.(*mip.Error); ok {
		whole := *own
		whole.RetryAfter = max(whole.RetryAfter, asked)
		return &whole
	}
	return &mip.Error{Kind: mip.KindOf(cause), RetryAfter: asked, Err: cause}
}

// failure names the call in an error.
func (c *Client) failure(call Call, err error) error {
	op := c.config.Name + ": " + call.Name()
	if own, ok := err.(*mip.Error); ok && own.Op == "" && own.Kind != nil {
		named := *own
		named.Op = op
		return &named
	}
	return &mip.Error{Op: op, Kind: mip.KindOf(err), RetryAfter: mip.RetryAfter(err), Err: err}
}

func (c *Client) seen(ctx context.Context, call Call, t Try, err error) {
	t.Client, t.Call, t.Kind = c.config.Name, call.Name(), mip.KindOf(err)
	c.config.Logger.LogAttrs(ctx, slog.LevelDebug, "http call", slog.String("client", t.Client), slog.String("call", t.Call),
		slog.Int("try", t.Number), slog.Int("status", t.Status), slog.Duration("duration", t.Duration), slog.Any("kind", t.Kind))
	if c.config.Seen != nil {
		c.config.Seen(ctx, t)
	}
}
