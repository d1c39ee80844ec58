using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IncidentActors.Core.Json;

namespace IncidentActors.Core.Redaction;

/// <param name="Id">Is part of the mark.</param>
/// <param name="Contains">The rule is tried where the text contains one of them, in any case.</param>
/// <param name="Pattern">Its group <c>secret</c> is replaced; without one, all that matches.</param>
public sealed record RedactionRule(string Id, ImmutableArray<string> Contains, Regex Pattern);

/// <summary>Finds secrets in texts of outside origin and puts a mark in their place. A data file; the shipped one is embedded.</summary>
public sealed class RedactionRules
{
    private const string Secret = "secret";
    private const string Named = "named";

    private static readonly Lazy<RedactionRules> LazyShipped = new(RedactionYaml.Shipped);

    private readonly ImmutableArray<(RedactionRule Rule, SearchValues<string> Triggers)> rules;
    private readonly FrozenSet<string> names;
    private readonly SearchValues<string> triggers;

    /// <param name="names">Names of labels whose whole value is a secret; case, <c>-</c> and <c>_</c> do not count.</param>
    public RedactionRules(IEnumerable<string> names, ImmutableArray<RedactionRule> rules)
    {
        this.rules = [.. rules.Select(rule => (rule, SearchValues.Create(rule.Contains.AsSpan(), StringComparison.OrdinalIgnoreCase)))];
        this.names = names.Select(Letters).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        string[] all = [.. rules.SelectMany(rule => rule.Contains).Select(text => JsonEncodedText.Encode(text, CoreJson.Options.Encoder).Value), .. names];
        triggers = SearchValues.Create(all, StringComparison.OrdinalIgnoreCase);
        Ids = [.. rules.Select(rule => rule.Id), Named];
    }

    public static RedactionRules Shipped => LazyShipped.Value;

    /// <summary>Ids of the rules, and of the check of label names.</summary>
    public ImmutableArray<string> Ids { get; }

    /// <summary>What replaces a secret.</summary>
    public static string Mark(string id) => $"[redacted: {id}]";

    /// <summary>A fast check: false if no text in the JSON can contain a secret.</summary>
    /// <param name="json">As <see cref="CoreJson.Options"/> writes it.</param>
    public bool MayHold(ReadOnlySpan<char> json) => json.ContainsAny(triggers);

    /// <summary>The text with marks in the place of secrets.</summary>
    /// <param name="found">Gets the id of each rule, once for each secret.</param>
    public string Clean(string text, ICollection<string> found)
    {
        foreach (var (rule, contained) in rules)
        {
            if (!text.AsSpan().ContainsAny(contained)) continue;
            text = rule.Pattern.Replace(text, match =>
            {
                found.Add(rule.Id);
                if (match.Groups[Secret] is not { Success: true } secret) return Mark(rule.Id);
                var at = secret.Index - match.Index;
                return string.Concat(match.Value.AsSpan(0, at), Mark(rule.Id), match.Value.AsSpan(at + secret.Length));
            });
        }

        return text;
    }

    /// <summary>Puts marks into every text of the JSON.</summary>
    /// <param name="found">Gets the id of each rule, once for each secret.</param>
    public void Clean(JsonNode? node, ICollection<string> found)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map.ToList())
                {
                    if (Text(value) is { } text) map[name] = Labeled(name, text, found);
                    else Clean(value, found);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (Text(list[i]) is { } text) list[i] = Clean(text, found);
                    else Clean(list[i], found);
                }

                break;
        }
    }

    private string Labeled(string name, string text, ICollection<string> found)
    {
        if (text.Length == 0 || !names.Contains(Letters(name))) return Clean(text, found);
        found.Add(Named);
        return Mark(Named);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static string Letters(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}
