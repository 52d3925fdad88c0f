package memstore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openmip/openmip/mip"
)

// alive returns an [mip.ErrUnavailable] error once ctx has ended.
func alive(ctx context.Context, op string, ref mip.Ref) error {
	if err := ctx.Err(); err != nil {
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrUnavailable, Err: err}
	}
	return nil
}

// sound refuses a result that the store could not keep: of another order, or
// with an effect that nobody would ever do.
func sound(ref mip.Ref, res mip.Result) error {
	if res.Order.Ref != ref {
		return errors.New("the step changed the order's identity")
	}
	for _, e := range res.Effects {
		if !slices.Contains(mip.EffectKinds(), e.Kind) {
			return fmt.Errorf("unknown kind of effect %q", e.Kind)
		}
	}
	return nil
}
