using System.Text.Json;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Http;

internal sealed record StreamedEvent(string Id, string Name, JsonElement Data);

/// <summary>Reads server-sent events one by one.</summary>
internal sealed class EventReader(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Longest = Eventually.LongestDeadline;

    private StreamReader? reader;

    /// <exception cref="TimeoutException">No event came.</exception>
    public async Task<StreamedEvent> NextAsync()
    {
        using var late = new CancellationTokenSource(Longest);
        reader ??= new StreamReader(await response.Content.ReadAsStreamAsync(late.Token));
        string id = "", name = "", data = "";
        while (await reader.ReadLineAsync(late.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            if (line.Length == 0 && data.Length > 0) return new StreamedEvent(id, name, JsonDocument.Parse(data).RootElement);
        }

        throw new EndOfStreamException("the stream ended");
    }

    /// <summary>The first id that the stream gives, with or without an event.</summary>
    public async Task<string> PlaceAsync()
    {
        using var late = new CancellationTokenSource(Longest);
        reader ??= new StreamReader(await response.Content.ReadAsStreamAsync(late.Token));
        while (await reader.ReadLineAsync(late.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) return line[4..];
        }

        throw new EndOfStreamException("the stream ended without an id");
    }

    public async Task<List<StreamedEvent>> TakeAsync(int count)
    {
        var events = new List<StreamedEvent>();
        while (events.Count < count) events.Add(await NextAsync());
        return events;
    }

    public void Dispose()
    {
        reader?.Dispose();
        response.Dispose();
    }
}
