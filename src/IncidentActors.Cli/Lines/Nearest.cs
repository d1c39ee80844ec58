namespace IncidentActors.Cli.Lines;

/// <summary>What somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>The name that is fewest changes of a letter away, one that begins as it does first; null: none is like it.</summary>
    public static string? To(string given, IEnumerable<string> names)
    {
        var word = given.ToLowerInvariant();
        return names.Select(name => (Name: name, Changes: name.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 0 : Changes(word, name)))
            .Where(one => one.Changes <= Math.Max(1, Math.Min(word.Length, one.Name.Length) / 3))
            .OrderBy(one => one.Changes).Select(one => one.Name).FirstOrDefault();
    }

    /// <summary>Letters left out, inserted, changed, or two in the wrong order (Damerau and Levenshtein).</summary>
    private static int Changes(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
