// Package contract asks our fake Seam and the official one the same questions, through
// the client and the provider that users run. Its tests have the build tag contract and
// need Node: run them with `make contract`.
package contract
