namespace IncidentActors.Core.Messages;

/// <summary>Follows fenced code blocks (CommonMark 0.31, §4.5) from line to line.</summary>
internal sealed class MarkdownFence
{
    private const int MinMarks = 3;

    /// <summary>The mark that ends the block which the last line stood in; null if it stood in none.</summary>
    public string? Open { get; private set; }

    /// <summary>The line belongs to a code block: it opens one, is inside, or closes it.</summary>
    /// <param name="line">Trimmed.</param>
    public bool Takes(string line)
    {
        var marks = line.Length > 0 && line[0] is '`' or '~' ? line.TakeWhile(c => c == line[0]).Count() : 0;
        if (Open is { } open)
        {
            if (marks >= open.Length && line[0] == open[0] && marks == line.Length) Open = null;
            return true;
        }

        if (marks < MinMarks || (line[0] == '`' && line.IndexOf('`', marks) >= 0)) return false;
        Open = line[..marks];
        return true;
    }
}
