using System.Security.Cryptography;

namespace IncidentActors.Engine.Seals;

/// <summary>The private key by which seals are signed. A new key holds from the next seal on: each seal names the public key that verifies it.</summary>
public static class SealKey
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <exception cref="CryptographicException">The text is not the private key (PEM) of a pair on P-256.</exception>
    public static ECDsa Read(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var parameters = key.ExportParameters(includePrivateParameters: true);
            CryptographicOperations.ZeroMemory(parameters.D);
            return parameters.Curve.Oid.Value == P256 ? key : throw new CryptographicException("The key is not on the curve P-256.");
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CryptographicException($"The key of the seals is not a private key (PEM) on P-256: {error.Message}", error);
        }
    }

    /// <summary>Whether there is neither a key nor a signature, or the signature of the content was made by the key.</summary>
    public static bool Verifies(string? publicKey, byte[] content, string? signature)
    {
        if (publicKey is null) return signature is null;
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return signature is not null && key.VerifyData(content, Convert.FromBase64String(signature), HashAlgorithmName.SHA256);
        }
        catch (Exception error) when (error is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>SHA-256 (hex) of a public key as seals name it: what a person compares.</summary>
    public static string Fingerprint(string publicKey) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(publicKey)));
}
