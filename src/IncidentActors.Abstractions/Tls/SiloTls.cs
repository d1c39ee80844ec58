using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace IncidentActors.Silo;

/// <summary>PEM files for mutual TLS between silos and clients. They are read again for each connection, so they can be replaced at any time.</summary>
/// <param name="Certificate">This process's certificate. A silo needs the key usages server and client authentication, a client only the latter.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authority">The certificate authorities of this cluster only: every certificate that they issue is trusted.</param>
public sealed record SiloTls(string? Certificate = null, string? Key = null, string? Authority = null)
{
    /// <summary>All three files are named.</summary>
    [MemberNotNullWhen(true, nameof(Certificate), nameof(Key), nameof(Authority))]
    public bool IsComplete => Certificate is not null && Key is not null && Authority is not null;

    /// <summary>Why the files cannot be used; null: they can.</summary>
    public string? Problem()
    {
        try
        {
            Tls.SiloCertificates.Read(this);
            return null;
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return error.Message;
        }
    }

    /// <summary>A file is missing or closed, it holds something else, or the key is not the certificate's.</summary>
    internal static bool IsUnreadable(Exception error) => error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;
}
