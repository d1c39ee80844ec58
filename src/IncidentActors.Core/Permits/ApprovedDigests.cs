using System.Collections.Immutable;

namespace IncidentActors.Core.Permits;

/// <summary>The digests, <c>sha256:…</c>, that a text of evidence names.</summary>
public static class ApprovedDigests
{
    private const string Prefix = "sha256:";
    private const int Digits = 64;

    public static ImmutableArray<string> In(string text)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        for (var at = text.IndexOf(Prefix, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Prefix, at + 1, StringComparison.Ordinal))
        {
            var hex = text.AsSpan(at + Prefix.Length);
            if (hex.Length >= Digits && !hex[..Digits].ContainsAnyExcept("0123456789abcdef")) found.Add(text.Substring(at, Prefix.Length + Digits));
        }

        return found.ToImmutable();
    }
}
