// SPDX-License-Identifier: GPL-3.0-or-later

import Crypto

/// The 16 bytes of the MD5 checksum of some bytes.
///
/// Nothing of ours is protected by it: Amazon S3 and its manifests name contents by MD5.
///
/// - Complexity: O(n) in the number of bytes.
package func md5(of bytes: [UInt8]) -> [UInt8] { Array(Insecure.MD5.hash(data: bytes)) }
