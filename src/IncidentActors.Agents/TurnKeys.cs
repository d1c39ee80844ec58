using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;

namespace IncidentActors.Agents;

/// <summary>The idempotency key of a command of a turn.</summary>
/// <param name="message">The message that the turn is for.</param>
/// <param name="target">The actor that the command is for.</param>
/// <param name="occurrence">How often the turn has sent the same command before.</param>
internal delegate string KeyOf(string message, string target, ICommand command, int occurrence);

/// <summary>The keys of one turn: the turn that the message begins again sends the same commands with the same keys.</summary>
internal sealed class TurnKeys(string message, KeyOf keyOf)
{
    private readonly Dictionary<string, int> sent = [];

    /// <summary>A command was sent, so the journal may have settled the message by it.</summary>
    public bool Any => sent.Count > 0;

    public string For(string target, ICommand command)
    {
        lock (sent)
        {
            var first = Derive(message, target, command, 0);
            var occurrence = sent.GetValueOrDefault(first);
            sent[first] = occurrence + 1;
            return keyOf(message, target, command, occurrence);
        }
    }

    public static string Derive(string message, string target, ICommand command, int occurrence)
    {
        var json = JsonSerializer.Serialize(command, command.GetType(), CoreJson.Options);
        var text = string.Join('\n', message, target, command.GetType().Name, occurrence, json);
        return $"turn-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40]}";
    }
}
