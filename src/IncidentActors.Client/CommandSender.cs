using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Silo;
using Microsoft.Extensions.Options;

namespace IncidentActors.Client;

/// <summary>A caller that is not that of the options.</summary>
/// <param name="Token">Its token, asked for each call; null: the client's own.</param>
/// <param name="KeyOf">The idempotency key of a command to a target, where the caller names none; null: a new one.</param>
/// <param name="Ends">When it is cancelled, no command of the caller is sent any more.</param>
internal sealed record CallerIdentity(
    string Handle, Func<string?> Token, Func<string, ICommand, string>? KeyOf = null, CancellationToken Ends = default);

/// <summary>Sends commands until their outcome is known, and reads until there is an answer.</summary>
/// <param name="identity">The caller where it is not that of the options.</param>
internal sealed class CommandSender(IOptionsMonitor<IncidentClientOptions> options, CallerIdentity? identity)
{
    /// <summary>Refusals of the token itself: they say nothing about an earlier attempt.</summary>
    private const string TokenRules = "token.";

    public TimeSpan PollInterval => options.CurrentValue.PollInterval;

    public TimeSpan ResponseTimeout => options.CurrentValue.ResponseTimeout;

    /// <exception cref="InvalidOperationException">No handle is configured.</exception>
    public string Handle => Known ?? throw new InvalidOperationException(
        $"{IncidentClientOptions.Section}:{nameof(IncidentClientOptions.Handle)} must name the agent, such as '@checkout'.");

    private string? Known => (identity?.Handle ?? options.CurrentValue.Handle) is { } handle ? Core.Agents.Handle.Normalize(handle) : null;

    public CommandSender As(CallerIdentity caller) => new(options, caller);

    /// <summary>A key that no other command has.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("n");

    /// <summary>A key for a command that has none.</summary>
    /// <param name="target">The id of the actor that the command is for, or empty.</param>
    public string KeyFor(string target, ICommand command) => identity?.KeyOf?.Invoke(target, command) ?? NewKey();

    /// <summary>As <see cref="SendAsync{T}(string, Func{Call, Task{Outcome}}, Func{Accepted, T}, CancellationToken)"/>, with the answer as the value.</summary>
    public Task<CommandResult<T>> SendAsync<T>(string key, Func<Call, Task<Outcome>> send, CancellationToken cancel)
        where T : class => SendAsync(key, send, View<T>, cancel);

    /// <summary>Sends under one key until it is decided.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, and nothing was applied.</exception>
    /// <exception cref="UnknownOutcomeException">The outcome cannot be learned.</exception>
    public async Task<CommandResult<T>> SendAsync<T>(string key, Func<Call, Task<Outcome>> send, Func<Accepted, T> value, CancellationToken cancel)
        where T : class
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, identity?.Ends ?? default);
        cancel = either.Token;
        var call = NewCall(key);
        string? doubt = null;
        cancel.ThrowIfCancellationRequested();
        while (true)
        {
            switch (await AttemptAsync(call, send, doubt, cancel))
            {
                case Accepted accepted:
                    return new CommandResult<T>(call.Key!, value(accepted), null, accepted.Replayed);
                case Rejected rejected when doubt is not null && rejected.Rule.StartsWith(TokenRules, StringComparison.Ordinal):
                    throw new UnknownOutcomeException(call.Key!, $"{doubt} The next attempt was refused by {rejected.Rule}: {rejected.Sentence}");
                case Rejected rejected:
                    return new CommandResult<T>(call.Key!, null, rejected, false);
                case Unavailable later:
                    if (!later.Known) doubt = later.Sentence;
                    await PauseAsync(call, later.RetryAfter, doubt, cancel);
                    break;
            }
        }
    }

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not read.</exception>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            Show();
            try
            {
                return await read().WaitAsync(cancel);
            }
            catch (JournalUnavailableException)
            {
                // The actor's silo is lost or busy; another one answers.
                await Task.Delay(PollInterval, cancel);
            }
        }
    }

    /// <summary>As <see cref="ReadAsync{T}"/>, of an inbox.</summary>
    public async Task<InboxView> ReadInboxAsync(Func<Call, Task<InboxAnswer>> read, CancellationToken cancel)
    {
        while (true)
        {
            var answer = await ReadAsync(() => read(NewCall(null) with { By = Handle }), cancel);
            switch (answer.Refusal)
            {
                case null:
                    return answer.Inbox!;
                case Rejected refused:
                    throw new UnauthorizedAccessException($"{refused.Rule}: {refused.Sentence}");
                case Unavailable later:
                    await Task.Delay(later.RetryAfter, cancel);
                    break;
            }
        }
    }

    /// <summary>Asks once, in the caller's name.</summary>
    /// <exception cref="JournalUnavailableException">There is no answer.</exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not ask.</exception>
    public Task<T> AskAsync<T>(Func<Call, Task<T>> ask, CancellationToken cancel)
    {
        Show();
        return ask(NewCall(null) with { By = Handle }).WaitAsync(cancel);
    }

    public static T View<T>(Accepted accepted) =>
        JsonSerializer.Deserialize(accepted.AnswerWritten.Span, (JsonTypeInfo<T>)CoreJson.Views.GetTypeInfo(typeof(T)))!;

    private async Task<Outcome> AttemptAsync(Call call, Func<Call, Task<Outcome>> send, string? doubt, CancellationToken cancel)
    {
        Show();
        try
        {
            return await send(call).WaitAsync(cancel);
        }
        catch (Exception error)
        {
            throw new UnknownOutcomeException(call.Key!, doubt ?? error.Message, error);
        }
    }

    private static async Task PauseAsync(Call call, TimeSpan pause, string? doubt, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, cancel);
        }
        catch (OperationCanceledException error) when (doubt is not null)
        {
            throw new UnknownOutcomeException(call.Key!, doubt, error);
        }
    }

    private Call NewCall(string? key) => new() { At = default, Seed = "", By = Known ?? "", Key = key };

    /// <summary>The calls of the current method show the identity's own token.</summary>
    private void Show()
    {
        if (identity?.Token() is { } token) CallToken.Show(token);
    }
}
