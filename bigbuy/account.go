package bigbuy

import (
	"context"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	pathPurse      = "user/purse.json"
	pathAuthStatus = "user/auth/status.json"
)

// Purse returns what is in the wallet (Money Box), in EUR.
func (c *Client) Purse(ctx context.Context) (mip.Money, error) {
	var out Euro
	if err := c.get(ctx, pathPurse, nil, &out); err != nil {
		return mip.Money{}, err
	}
	if out.Currency() == "" {
		return mip.Money{}, unreadable(rest.Call{Path: pathPurse}, mip.ErrContract, "no amount")
	}
	return out.Money, nil
}

// AuthStatus returns nil if the key is good, [mip.ErrUnauthorized] if not.
func (c *Client) AuthStatus(ctx context.Context) error {
	return c.rest.Do(ctx, rest.Call{Path: pathAuthStatus, MayBeEmpty: true})
}
