// Package contract runs the same cases against our fake Seam and the official one, through the
// client and the provider. Its tests have the build tag contract and need Node: run them with
// `make contract`.
//
// The official fake has no access grants, access methods, spaces, instant keys, grants of entrances,
// access groups or credentials, and no user identities beyond a few routes that it does not implement.
// No case here is about them: what the provider and our fake assume of them rests on the published
// OpenAPI document alone, and on Seam's guides. Of access systems it has users: they are created,
// changed and suspended on both fakes, and their removal is proven on ours only.
package contract
