using System.Text.Json;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Callers;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Tools;

/// <summary>A tool used over HTTP: the body and what the path says are its arguments, the headers its caller.</summary>
internal static class Invocation
{
    /// <param name="path">Arguments that the path gives; the body may not give them too.</param>
    /// <param name="names">Arguments that the body may give; null: all of the tool's besides the path's.</param>
    /// <param name="location">The URL of the created resource.</param>
    public static async Task<IResult> PostAsync(
        HttpContext http, Tool tool, IReadOnlyList<(string Name, string Value)>? path = null, IReadOnlyCollection<string>? names = null,
        Func<JsonElement, string?>? location = null)
    {
        var (call, refusal) = tool.Description.ReadOnly ? CallReader.Read(http.Request) : CallReader.Write(http.Request);
        if (refusal is not null) return Answer.Of(refusal);
        var (body, problem) = await Body.ReadAsync(http.Request, Body.DefaultLimit, http.RequestAborted);
        if (problem is not null) return Answer.Of(problem);
        path ??= [];
        var keeps = names is null && tool.Description.KeepsDetails;
        var drops = names is null && tool.Description.ReadOnly;
        names ??= [.. Arguments.Names(tool.Arguments).Except(path.Select(given => given.Name))];
        foreach (var given in body.EnumerateObject())
        {
            if (keeps || names.Contains(given.Name) || GivenArguments.SaysNothing(given)) continue;
            if (!drops || !DetailNames.Meanings.ContainsKey(given.Name)) return Answer.Of(Arguments.Unknown(given.Name, names));
        }

        return await InvokeAsync(http, tool, call ?? ToolCall.Anonymous, path.Count == 0 ? body : Merged(path, body), location);
    }

    /// <summary>Uses a tool that reads, with the arguments that path and query give; null values are left out.</summary>
    public static async Task<IResult> GetAsync(HttpContext http, Tool tool, params IEnumerable<(string Name, string? Value)> arguments)
    {
        var (call, refusal) = CallReader.Read(http.Request);
        if (refusal is not null) return Answer.Of(refusal);
        var given = arguments.Where(argument => argument.Value is not null).Select(argument => (argument.Name, argument.Value!)).ToList();
        return await InvokeAsync(http, tool, call ?? ToolCall.Anonymous, Merged(given, default), null);
    }

    private static async Task<IResult> InvokeAsync(HttpContext http, Tool tool, Call call, JsonElement arguments, Func<JsonElement, string?>? location)
    {
        var outcome = await tool.InvokeAsync(new ToolCall(
            http.RequestServices.GetRequiredService<RunningEngine>(), call, arguments, TokenGate.Shown(http), http.RequestAborted));
        http.Items[typeof(Tool)] = tool;
        http.Items[typeof(Outcome)] = outcome;
        return Answer.Of(outcome, location);
    }

    private static JsonElement Merged(IReadOnlyList<(string Name, string Value)> path, JsonElement body)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in path) writer.WriteString(name, value);
            if (body.ValueKind == JsonValueKind.Object)
            {
                foreach (var given in body.EnumerateObject()) given.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        using var merged = JsonDocument.Parse(buffer.WrittenMemory);
        return merged.RootElement.Clone();
    }
}
