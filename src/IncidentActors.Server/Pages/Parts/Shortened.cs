using System.Globalization;

namespace IncidentActors.Server.Pages.Parts;

/// <summary>Cuts long texts where no character is broken.</summary>
internal static class Shortened
{
    /// <returns>At most <paramref name="longest"/> UTF-16 units and an ellipsis.</returns>
    public static string To(string text, int longest)
    {
        if (text.Length <= longest) return text;
        var end = 0;
        while (end < longest)
        {
            var next = StringInfo.GetNextTextElementLength(text, end);
            if (end + next > longest) break;
            end += next;
        }

        return text[..end] + "…";
    }
}
