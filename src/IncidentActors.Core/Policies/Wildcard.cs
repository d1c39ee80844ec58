namespace IncidentActors.Core.Policies;

/// <summary>Patterns in which <c>*</c> matches any text; case is ignored: <c>deploy*</c>, <c>*git push*</c>.</summary>
public static class Wildcard
{
    public static bool Matches(string pattern, string text)
    {
        var (at, star, mark) = (0, -1, 0);
        for (var next = 0; next < text.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, mark) = (at++, next);
            }
            else if (at < pattern.Length && char.ToLowerInvariant(pattern[at]) == char.ToLowerInvariant(text[next]))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                next = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == '*') at++;
        return at == pattern.Length;
    }
}
