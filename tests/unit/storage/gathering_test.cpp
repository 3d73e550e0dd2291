#include "shared/storage/gathering.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

namespace libra {
namespace {

using Numbers = Gathering<int, int>;

std::vector<int> doubled(const Numbers::Questions& questions)
{
    std::vector<int> answers;
    for (const int* const question : questions) {
        answers.push_back(2 * *question);
    }
    return answers;
}

/// Asks 1 to `count`, each on a thread of its own. @return what they were answered, in order.
std::vector<std::future<int>> ask_all(Numbers& numbers, int count)
{
    std::vector<std::future<int>> answers;
    for (int number = 1; number <= count; ++number) {
        answers.push_back(std::async(std::launch::async, [&numbers, number] {
            return numbers.ask(number);
        }));
    }
    return answers;
}

TEST_CASE("a question that comes alone is answered alone")
{
    std::vector<std::size_t> sizes;
    Numbers numbers{4, 1, [&](const Numbers::Questions& questions) {
                        sizes.push_back(questions.size());
                        return doubled(questions);
                    }};

    CHECK(numbers.ask(1) == 2);
    CHECK(numbers.ask(2) == 4);

    CHECK(sizes == std::vector<std::size_t>{1, 1});
}

TEST_CASE("everyone gets the answer to their own question")
{
    Numbers numbers{3, 2, doubled};

    auto answers = ask_all(numbers, 50);

    for (int number = 1; number <= 50; ++number) {
        CHECK(answers.at(static_cast<std::size_t>(number) - 1).get() == 2 * number);
    }
}

TEST_CASE("what comes while a group is under way gathers, up to the size of a group")
{
    std::promise<void> end;
    std::latch begun{1};
    std::vector<std::size_t> sizes;
    Numbers numbers{4, 1, [&](const Numbers::Questions& questions) {
                        if (sizes.empty()) {
                            begun.count_down();
                            end.get_future().wait();
                        }
                        sizes.push_back(questions.size());
                        return doubled(questions);
                    }};
    auto first = ask_all(numbers, 1);
    begun.wait();
    auto others = ask_all(numbers, 9);
    while (numbers.waiting() < 9) {
        std::this_thread::yield();
    }

    end.set_value();

    for (auto& answer : others) {
        answer.wait();
    }
    CHECK(sizes == std::vector<std::size_t>{1, 4, 4, 1});
}

TEST_CASE("no more groups are under way than may be")
{
    constexpr int k_at_once = 2;
    std::atomic<int> under_way{0};
    std::atomic<int> most{0};
    Numbers numbers{1, k_at_once, [&](const Numbers::Questions& questions) {
                        const int now = ++under_way;
                        for (int seen = most;
                             seen < now && !most.compare_exchange_weak(seen, now);) {
                        }
                        std::this_thread::yield();
                        --under_way;
                        return doubled(questions);
                    }};

    for (auto& answer : ask_all(numbers, 40)) {
        answer.wait();
    }

    CHECK(most <= k_at_once);
}

TEST_CASE("an exception reaches everyone in the group, and the next group is not concerned")
{
    Numbers numbers{2, 1, [](const Numbers::Questions& questions) {
                        if (*questions.front() < 0) {
                            throw std::runtime_error{"no"};
                        }
                        return doubled(questions);
                    }};

    CHECK_THROWS_AS(numbers.ask(-1), std::runtime_error);
    CHECK(numbers.ask(1) == 2);
}

}  // namespace
}  // namespace libra
