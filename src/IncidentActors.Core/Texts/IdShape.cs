namespace IncidentActors.Core.Texts;

/// <summary>Ids of actors as callers may write them.</summary>
public static class IdShape
{
    public const int MaxLength = 120;

    public static bool IsWellFormed(string id) =>
        id.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(id[0]) && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
