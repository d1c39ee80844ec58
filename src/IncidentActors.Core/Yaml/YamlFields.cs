using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Yaml;

/// <summary>
/// One map of the text, read key by key. What is wrong goes to the findings;
/// the reader gets a default value and continues, so that all problems are found.
/// </summary>
internal sealed class YamlFields
{
    private const string AText = "a text that is not empty";

    private readonly YamlFindings findings;
    private readonly string what;
    private readonly string path;
    private readonly Dictionary<string, YamlPart> values = [];

    /// <param name="what">What the map is, with its article, for sentences: <c>a row</c>.</param>
    /// <param name="keys">Every key that it may have.</param>
    public YamlFields(YamlMap map, string path, string what, ReadOnlySpan<string> keys, YamlFindings findings)
    {
        (this.findings, this.what, this.path, At) = (findings, what, path, map.At);
        findings.Found(path, map.At);
        foreach (var (key, value) in map.Entries)
        {
            if (!keys.Contains(key.Value))
                findings.Shape(key.At, YamlRules.KeyUnknown, $"{what} has no key `{key.Value}`; its keys are {string.Join(", ", keys!)}");
            else if (!values.TryAdd(key.Value, value))
                findings.Shape(key.At, YamlRules.KeyDuplicate, $"`{key.Value}` occurs twice in this map; keep one of the two");
            else
                findings.Found(PathOf(key.Value), value.At);
        }
    }

    /// <summary>Where the map begins.</summary>
    public FlowPosition At { get; }

    public string Text(string key) => Required(key) ? TextOrNull(key) ?? "" : "";

    public string? TextOrNull(string key) => Scalar(key, AText);

    /// <summary>The number, or <paramref name="absent"/>; without that the key must be there.</summary>
    public int Number(string key, int? absent = null)
    {
        if (absent is null && !Required(key)) return 0;
        if (Scalar(key, "a whole number") is not { } text) return absent ?? 0;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            findings.Shape(values[key].At, YamlRules.ValueType, $"`{PathOf(key)}` must be a whole number, not `{text}`");
        return number;
    }

    public bool Flag(string key) => Word(key, false, ("true", true), ("false", false));

    public TimeSpan? Duration(string key)
    {
        if (Scalar(key, "a duration") is not { } text) return null;
        if (!FlowDuration.TryParse(text, out var duration))
            findings.Shape(values[key].At, YamlRules.DurationMalformed, $"`{text}` is not a duration; write {FlowDuration.Form}");
        return duration;
    }

    public TimeSpan RequiredDuration(string key) => Required(key) ? Duration(key) ?? TimeSpan.Zero : TimeSpan.Zero;

    public T Word<T>(string key, T absent, params ReadOnlySpan<(string Text, T Value)> words)
    {
        List<string> known = [];
        foreach (var word in words)
            known.Add(word.Text);

        if (Scalar(key, $"one of {string.Join(", ", known)}") is not { } text) return absent;
        if (known.IndexOf(text) is >= 0 and var index) return words[index].Value;
        findings.Shape(values[key].At, YamlRules.ValueUnknown, $"`{PathOf(key)}` must be one of {string.Join(", ", known)}, not `{text}`");
        return absent;
    }

    public T RequiredWord<T>(string key, T absent, params ReadOnlySpan<(string Text, T Value)> words) =>
        Required(key) ? Word(key, absent, words) : absent;

    public ImmutableArray<string> Texts(string key) => Items(key, (part, path) => AsScalar(part, path, AText));

    /// <summary>A list of texts, or the only one of them without the list.</summary>
    public ImmutableArray<string> OneOrMore(string key) =>
        values.TryGetValue(key, out var part) && part is YamlText ? AsScalar(part, PathOf(key), AText) is { } one ? [one] : [] : Texts(key);

    /// <summary>A list of lists of texts. The texts are kept exactly as written, because they are program arguments.</summary>
    public ImmutableArray<ImmutableArray<string>> TextLists(string key) =>
    [
        .. Items(key, (part, path) =>
        {
            var item = new YamlFields(new YamlMap([(new YamlText("item", false, part.At), part)], part.At), path, "an item", ["item"], findings);
            return item.Items("item", (word, at) => AsScalar(word, at, AText, asWritten: true)).ToArray();
        }).Select(texts => texts.ToImmutableArray()),
    ];

    /// <summary>A map whose keys the file chooses, each with one or more texts.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Named(string key, string what)
    {
        if (!values.TryGetValue(key, out var part)) return ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;
        string[] keys = part is YamlMap map ? [.. map.Entries.Select(entry => entry.Key.Value)] : [];
        return AsFields(part, PathOf(key), what, keys) is { } fields
            ? fields.values.Keys.ToImmutableSortedDictionary(one => one, fields.OneOrMore, StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;
    }

    public ImmutableArray<string> RequiredTexts(string key) => Required(key) ? Texts(key) : [];

    public T? Map<T>(string key, string what, ReadOnlySpan<string> keys, Func<YamlFields, T> read)
        where T : class =>
        values.TryGetValue(key, out var part) && AsFields(part, PathOf(key), what, keys) is { } fields ? read(fields) : null;

    /// <summary>A map of texts, or null if the key is absent.</summary>
    public ImmutableSortedDictionary<string, string>? TextMap(string key, string what, string[] keys) =>
        Map(key, what, keys, fields => fields.values.Keys.ToImmutableSortedDictionary(one => one, fields.Text, StringComparer.Ordinal));

    public ImmutableArray<T> Maps<T>(string key, string what, string[] keys, Func<YamlFields, T> read)
        where T : class =>
        Items(key, (part, path) => AsFields(part, path, what, keys) is { } fields ? read(fields) : null);

    public ImmutableArray<T> RequiredMaps<T>(string key, string what, string[] keys, Func<YamlFields, T> read)
        where T : class =>
        Required(key) ? Maps(key, what, keys, read) : [];

    private bool Required(string key)
    {
        if (values.ContainsKey(key)) return true;
        findings.Shape(At, YamlRules.KeyMissing, $"{what} needs the key `{key}`");
        return false;
    }

    private ImmutableArray<T> Items<T>(string key, Func<YamlPart, string, T?> read)
        where T : class
    {
        if (!values.TryGetValue(key, out var part)) return [];
        if (part is not YamlList list)
        {
            findings.Shape(part.At, YamlRules.ValueType, $"`{PathOf(key)}` must be a list: [one, two], or one item per line, each after a dash");
            return [];
        }

        var items = ImmutableArray.CreateBuilder<T>();
        for (var index = 0; index < list.Items.Length; index++)
        {
            if (read(list.Items[index], $"{PathOf(key)}[{index}]") is { } item) items.Add(item);
        }

        return items.ToImmutable();
    }

    private string? Scalar(string key, string right) =>
        values.TryGetValue(key, out var part) ? AsScalar(part, PathOf(key), right) : null;

    private string? AsScalar(YamlPart part, string path, string right, bool asWritten = false)
    {
        findings.Found(path, part.At);
        if (part is YamlText text && !string.IsNullOrWhiteSpace(text.Value) && (text.Quoted || text.Value is not ("null" or "~")))
            return asWritten ? text.Value : text.Value.Trim();
        findings.Shape(part.At, YamlRules.ValueType, $"`{path}` is {right}; leave the key out where there is nothing to say");
        return null;
    }

    private YamlFields? AsFields(YamlPart part, string path, string what, ReadOnlySpan<string> keys)
    {
        if (part is YamlMap map) return new YamlFields(map, path, what, keys, findings);
        findings.Shape(part.At, YamlRules.ValueType, $"`{path}` is {what}: a map with the keys {string.Join(", ", keys!)}");
        return null;
    }

    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>A problem of the key's value, or of the map where it has none.</summary>
    public void Wrong(string key, string reason) =>
        findings.Shape(values.TryGetValue(key, out var part) ? part.At : At, YamlRules.ValueUnknown, reason);

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
