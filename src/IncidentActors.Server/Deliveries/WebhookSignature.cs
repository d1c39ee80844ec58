using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IncidentActors.Server.Deliveries;

/// <summary>Signs and verifies as the Standard Webhooks specification says: <c>v1,base64(HMAC-SHA256(id.timestamp.body))</c>.</summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far a receiver lets a timestamp be off, against replays.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const int SecretBytes = 32;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>A secret that can be signed with: <c>whsec_</c> and 24 to 64 bytes in base 64.</summary>
    public static bool IsSecret(string text) => Key(text) is { Length: >= 24 and <= 64 };

    /// <exception cref="ArgumentException">The secret is invalid (<see cref="IsSecret"/>).</exception>
    public static string Sign(string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var key = Key(secret) ?? throw new ArgumentException("the secret is not 'whsec_' and base 64", nameof(secret));
        var prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}."));
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(prefix);
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>For receivers: true when one of the header's signatures is right and the timestamp is not further off than <see cref="Tolerance"/>.
    /// Compares in constant time.</summary>
    public static bool Verify(string secret, string id, string timestamp, string signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds) return false;
        var right = Encoding.ASCII.GetBytes(Sign(secret, id, DateTimeOffset.FromUnixTimeSeconds(seconds), body));
        var matches = false;
        foreach (var given in signatures.Split(' ')) matches |= CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(given));
        return matches;
    }

    private static byte[]? Key(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal)) return null;
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], key, out var length) ? key[..length] : null;
    }
}
