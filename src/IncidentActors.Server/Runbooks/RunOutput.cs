using System.Text;

namespace IncidentActors.Server.Runbooks;

/// <summary>Lines of a run's streams in the order in which they came: bounded in length and number, secrets masked.</summary>
internal sealed class RunOutput(int most, SecretMask mask)
{
    private const int MaxLineLength = 8 * 1024;

    private readonly StringBuilder text = new();
    private bool cut;

    /// <summary>Reads a stream to its end; what is beyond the limits is read and dropped, so that the program does not wait.</summary>
    public async Task ReadAsync(StreamReader stream, CancellationToken cancel)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        while (await stream.ReadAsync(buffer, cancel) is var length and > 0)
        {
            var rest = buffer.AsMemory(0, length);
            while (!rest.IsEmpty)
            {
                var end = rest.Span.IndexOf('\n');
                var part = end < 0 ? rest : rest[..end];
                line.Append(part.Span[..Math.Min(part.Length, MaxLineLength + 1 - Math.Min(line.Length, MaxLineLength + 1))]);
                rest = end < 0 ? default : rest[(end + 1)..];
                if (end < 0) continue;
                Line(line.ToString().TrimEnd('\r'));
                line.Clear();
            }
        }

        if (line.Length > 0) Line(line.ToString());
    }

    public void Line(string line)
    {
        line = mask.Of(line);
        if (line.Length > MaxLineLength) line = $"{line[..MaxLineLength]} [line cut at {MaxLineLength} characters]";
        lock (text)
        {
            if (cut) return;
            cut = text.Length + line.Length > most;
            text.Append(cut ? $"[cut at {most} characters]" : line).Append('\n');
        }
    }

    public override string ToString()
    {
        lock (text) return text.ToString();
    }
}
